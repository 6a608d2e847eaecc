"""
Background work due at a moment: one table, one way to claim, retries, incidents. The only place that knows Celery.

The row is the truth. A loop thread (embedded) or Celery workers (production) claim the same rows and call the same
handlers; Celery carries only "row N is due", so losing the broker makes work late, never lost.
"""
