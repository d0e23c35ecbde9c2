"""Measurements beside a floor or a peer in the same run; none of them is a test."""
