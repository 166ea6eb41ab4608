"""The site's own pages: what joins several rooms, or belongs to none."""
