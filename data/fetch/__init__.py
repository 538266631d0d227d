"""Files from the public services, fetched politely, kept, and receipted."""
