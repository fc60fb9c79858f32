"""Crawls of several machines on one Redis: the hosts' state is shared. What must happen at once is
a script in Redis. Nothing here is imported by a crawl of one machine.
"""
