"""What every row has."""

from django.db import models

from huiyin.core import ids


class BaseModel(models.Model):
    """A row with an opaque public id; the numeric key never leaves the server."""

    public_id = models.CharField(max_length=ids.LENGTH, unique=True, default=ids.new_id, editable=False)

    class Meta:
        abstract = True
