"""Reads only: what is late, why, and whose turn it is."""
