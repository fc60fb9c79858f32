"""`archive.db`: its tables, what their columns mean, and the full-text index."""
