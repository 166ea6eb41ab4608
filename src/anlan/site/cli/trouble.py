class CommandTrouble(Exception):  # noqa: N818  it names what a person must do, and is shown without a traceback
    """A command cannot go on; the text says why and what helps."""
