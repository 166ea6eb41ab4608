"""
Checks evidence exported from Anlan without trusting, or needing, the platform.

Only Python's standard library and ``cryptography`` are used. The platform builds its ledger with the very
same ``merkle``, ``canonical`` and ``heads``, so there is one implementation of the mathematics.
"""
