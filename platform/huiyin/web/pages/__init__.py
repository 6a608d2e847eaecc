"""One file per page group; each view parses, calls one service, and shows."""
