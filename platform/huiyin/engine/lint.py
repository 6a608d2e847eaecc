from __future__ import annotations
def findings(drawing): return []
def compare(drawing, top, inner): pass
