"""What everybody may see of the city's reports: list, map, figures. It reads its own tables alone (`models/public.py`)."""
