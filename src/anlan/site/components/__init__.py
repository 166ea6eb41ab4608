"""What the components of the pages compute: plain dicts in, plain dicts out, no queries."""
