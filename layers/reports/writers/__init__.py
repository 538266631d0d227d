"""The forms of a report: each is written from the gathered report alone and works out no number."""
