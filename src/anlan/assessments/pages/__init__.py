"""The pages of the yearly assessment."""
