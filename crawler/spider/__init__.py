"""What is asked for and why: listings, articles, rechecks, pictures and page requisites."""
