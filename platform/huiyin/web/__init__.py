"""Server-rendered pages: one file per page group, thin."""
