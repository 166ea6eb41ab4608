"""Returns as workbooks: written to be filled in, read back, compared with what stands there. Stays light: the sandbox's child enters here."""
