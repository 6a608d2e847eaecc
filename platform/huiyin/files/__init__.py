"""Attachments through Django's STORAGES: staged until the case commits, re-encoded, hashed."""
