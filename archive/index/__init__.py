"""WARC files become rows: the only writer of `archive.db`."""
