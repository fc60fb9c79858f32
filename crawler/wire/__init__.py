"""The bytes of the wire: what Scrapy's protocol sends and receives, recorded as WARC.

Above `hosts/`, whose throttle it asks for a slot before each request, and below `spider/`, which
never touches a record.
"""
