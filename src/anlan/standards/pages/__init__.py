"""The room's pages: criteria, laws, checklists, coverage."""
