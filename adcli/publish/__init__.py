"""Targets that finished ads are written to: a folder or S3."""
