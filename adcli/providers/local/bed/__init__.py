"""Composes music for an ad: a mood's band plays a form that ends on the last sample (``compose.py``)."""
