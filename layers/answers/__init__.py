"""One module a question: it asks `geo` and returns frozen answers with their sentences."""
