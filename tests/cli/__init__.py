"""Tests of the command line: which commands there are, what they print, what they cost."""
