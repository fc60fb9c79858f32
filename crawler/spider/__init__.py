"""What is asked for and why: listings, articles, rechecks, pictures and page requisites.

Only the spider itself knows Scrapy's crawler and its signals. What works for it takes the run, its
limits and the function that makes a request.
"""
