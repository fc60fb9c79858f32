"""What an operator must know: silent accounts, refusals, drift of a platform, the archive's status."""
