"""The page *Add a place*: how a contributor puts a mark on the map."""
