"""Politeness: the gap, robots.txt, crawl delay, hours and cookies of each host, and which hosts a
crawl may ask at all."""
