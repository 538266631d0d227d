"""What we know: declared, read, checked, stored."""
