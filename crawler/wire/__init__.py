"""The bytes of the wire: what Scrapy's protocol sends and receives, recorded as WARC."""
