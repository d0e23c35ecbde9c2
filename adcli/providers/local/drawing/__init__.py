"""Draws scene pictures: words become a place, a light, a person and a product, in layers."""
