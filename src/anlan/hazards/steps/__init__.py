"""What each step does to a hazard; the table in `flow.py` says who, when and whether."""
