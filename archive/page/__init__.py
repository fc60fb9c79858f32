"""One answer made readable: charset, addresses, paragraphs and printed fields. It knows no site."""
