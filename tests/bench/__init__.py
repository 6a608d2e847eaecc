"""
What things cost, as ratios of one run: `python3 run.py bench`.

Two things that are compared are measured in turn, round by round, on the same machine and the same server; what is
printed is the median of five rounds. No test asserts a time.
"""
