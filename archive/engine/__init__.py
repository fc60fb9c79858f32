"""Rebuilding with other machines: Dask runs the tasks, this room says which and takes what they
made."""
