"""Checking an archive or a package: every byte of the WARC files, every row beside its record, the
chain, the bag."""
