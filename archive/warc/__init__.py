"""The record: WARC files, the HTTP messages in them, and the hash chain over files and runs."""
