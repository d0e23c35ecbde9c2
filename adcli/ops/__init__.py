"""Post-production operations: one file each, found by the registry."""
