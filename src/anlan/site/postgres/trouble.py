class DatabaseTrouble(Exception):  # noqa: N818  it names what an operator must look at, and is shown without a traceback
    """Something about the database that only a person can put right; the text says what and how."""
