"""Tests of `crawler/spider/`."""
