"""How each public service is asked, and how its answers are read."""
