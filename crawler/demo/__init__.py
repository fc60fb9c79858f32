"""`zhengwen demo`: a small fictional platform on loopback, crawled by the product's own program."""
