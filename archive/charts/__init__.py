"""Charts of an archive for papers and reports, each with the table that it draws."""
