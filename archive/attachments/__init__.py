"""The text of documents that articles attach, read in a process that one of them may end."""
