"""Reads lists of articles that are pages of a site: their entries, and what comes after them."""
