"""What each step does to a visit; the table in `flow.py` says who, when and whether."""
