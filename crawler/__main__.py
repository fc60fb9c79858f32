"""`python -m crawler`: the same program as `zhengwen`."""

from crawler.cli import main

main()
