"""The room's pages: thin; they ask queries and call verbs."""
