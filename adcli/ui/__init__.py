"""Consumers of events and results: everything that prints."""
