"""What we know: sources declared, files read and checked, places and marks stored."""
