"""Score cards as data and what they make of figures: nothing here knows the database."""
