"""What the command line says and prints."""
