"""The demo county: invented places and people, the same at every seeding."""
