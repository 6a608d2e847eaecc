"""回音 Huiyin: every matter gets an answer, and the one who asked judges it."""
