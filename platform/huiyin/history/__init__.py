"""What happened: append-only entries, hash-chained per subject, sealed; and the words in which they are told."""
