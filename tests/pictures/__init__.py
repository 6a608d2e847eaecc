"""Pictures of the main pages, taken from the demo, as the docs show them."""
