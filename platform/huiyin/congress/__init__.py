"""What a people's congress keeps itself: sessions and numbers, signatures, commitments, ballots, collections."""
