"""Monthly returns: templates and checks as data, what was typed, what it amounts to."""
