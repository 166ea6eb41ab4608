"""What each step of the report flow does."""
