"""What the community pages show."""
