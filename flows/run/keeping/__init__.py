"""Back up and restore a home folder."""
