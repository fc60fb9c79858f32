"""Exact Chinese full-text search, and plugins that bring it to sqlite-utils and Datasette."""
