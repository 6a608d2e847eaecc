"""民意: what was asked and answered, shown to everybody after review."""
