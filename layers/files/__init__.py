"""Tables, scenarios and marks as files, out and in."""
