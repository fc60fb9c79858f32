"""`python -m archive`: the commands that need no crawler."""

from archive.cli.main import main

main()
