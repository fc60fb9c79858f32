"""What an operator must know: silent accounts, refusals, drift, the state of an archive."""
