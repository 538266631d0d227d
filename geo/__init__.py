"""What we work out: tables and networks in, tables out."""
