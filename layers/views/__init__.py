"""The pieces of each page, a file a page."""
