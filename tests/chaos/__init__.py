"""
Kill anything at any moment: nothing lost, doubled or stuck.

`python3 -m tests.chaos --runs N --seed S` (or `manage chaos`) plays random lives of the shipped processes twice: once
undisturbed (the oracle) and once under fire, with workers killed at random points, PostgreSQL killed and restarted, Redis
stopped, flushed and killed, and messages delivered twice. Afterwards every life must stand exactly where the oracle's does.
"""
