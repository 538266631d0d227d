"""An authority gathered from the public services: its files in a folder, each with a receipt, ready to be built."""
