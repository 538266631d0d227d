"""What a report says: what is found, its figures, tables, maps and words."""
