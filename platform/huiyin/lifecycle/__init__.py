"""Publish definitions, run their scenarios, replay real input."""
