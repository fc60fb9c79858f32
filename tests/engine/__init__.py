"""Rebuilding by workers of Dask."""
