"""Stages: one kind of work a module, found by the registry."""
