"""The commands that need no crawler."""
