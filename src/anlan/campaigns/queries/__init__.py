"""What the room's pages and operations read."""
