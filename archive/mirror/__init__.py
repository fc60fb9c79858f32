"""A search server for many readers that is kept in step with an archive: a view of it, as
`archive.db` is one of the WARC files, and made anew at any time."""
