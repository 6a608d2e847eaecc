"""The heart: cases, their tasks, who answered what, rounds, clocks, replies and ratings."""
