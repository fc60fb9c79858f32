"""Zhengwen's crawler: asks and fetches, and is the only code that touches the network.

Its floors, each of which imports only lower ones (`setup.cfg` holds them):

    cli                      the commands that crawl
    start, schedule, demo    one start of a crawl, cron, the tour
    spider/                  what is asked for and why
    wire/                    the bytes that are sent and received, recorded as WARC
    hosts/                   politeness: gap, robots.txt, cookies, hours
    run, requests, walk      values that all rooms above speak in

`run` and `requests` are below `hosts/`, `wire/` and `spider/` because all three read them: the
throttle and the check of hosts ask what a request is for, the recorder writes the run's story and
coverage, and the spider fills both. So the recorder knows no spider, and the throttle no recorder.
"""
