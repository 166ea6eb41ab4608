class DatabaseTrouble(Exception):
    """Something about the database that only a person can put right; the text says what and how."""
