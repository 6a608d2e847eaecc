"""The HTTP API under /api/v1/: one file per resource; it translates and calls services, and holds no rules of its own."""
