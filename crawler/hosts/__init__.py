"""Being a good guest: throttle, robots.txt, crawl delay, hours and cookies of each host."""
