"""Designs of packshots: one a file, found by its name."""
