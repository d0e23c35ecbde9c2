"""Decides what each task of a graph needs, and what that may cost: pure."""
