"""Crawls of several machines on one Redis: requests, the hosts' state and the accounts are shared,
and each machine writes into an archive of its own.

`scheduler` takes the place of Scrapy's, with the queue and the duplicates filter of scrapy-redis;
`throttle` that of the machine's own throttle. What must happen at once is a script in Redis:
`host.lua` what is owed to a host, `queue.lua` who has which request and which account. Nothing here
is imported by a crawl without `--cluster`.
"""
