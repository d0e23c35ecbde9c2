"""Loading what users write."""
