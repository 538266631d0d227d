"""The community's own data: marks, groups, people and what was done, in SQLite or PostgreSQL with PostGIS."""
