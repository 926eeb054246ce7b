"""quarry backup and quarry restore."""
