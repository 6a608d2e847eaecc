"""Published, immutable versions of processes."""
