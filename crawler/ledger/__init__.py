"""What a run had of each account's listing, and what that is worth."""
