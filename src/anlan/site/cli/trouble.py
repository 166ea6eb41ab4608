class CommandTrouble(Exception):
    """A command cannot go on; the text says why and what helps."""
