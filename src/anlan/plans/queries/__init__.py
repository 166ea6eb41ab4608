"""The only code that reads plans for others."""
