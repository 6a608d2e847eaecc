"""Jurisdictions, places, units, people, posts and terms; addresses; who may see what."""
