"""What is drawn: the map, its layers, markers, legends and charts."""
