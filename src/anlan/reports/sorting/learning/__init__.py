"""A suggestion of category and unit, learnt from the city's own settled reports and measured on later ones."""
