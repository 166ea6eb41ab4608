"""Leaders' duties: which there are, who has them, what counts towards them."""
