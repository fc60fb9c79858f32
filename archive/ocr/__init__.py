"""Text in pictures: what a reader of pictures (RapidOCR) sees in them, and the file of its
answers."""
