"""Stores the WARC files of sealed shards on S3, and brings them back."""
