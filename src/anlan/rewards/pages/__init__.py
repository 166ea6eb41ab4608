"""The pages of the ledger of money."""
