"""No address shows what its actor may not see."""

from __future__ import annotations

import pytest
from django.db.models import Model
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.base import Seen
from api.problems import NoSuchAddress
from api.schema import SchemaView
from api.tokens import TokenView
from api.urls import urlpatterns

#: They read nothing of anybody else's: a sign-in, a committed file, a 404.
READ_NOTHING = {TokenView, SchemaView, NoSuchAddress}
VIEWS = [getattr(entry.callback, "cls", None) or entry.callback.view_class for entry in urlpatterns]
RESOURCES = sorted({view for view in VIEWS if view not in READ_NOTHING}, key=lambda view: view.__name__)


def test_there_are_addresses():
    assert len(RESOURCES) >= 9
    assert set(VIEWS) >= READ_NOTHING


@pytest.mark.parametrize("view", RESOURCES)
def test_reads_through_what_is_visible(view):
    assert issubclass(view, Seen), f"{view.__name__}: derive it from api.base.Seen"
    assert view.get_queryset is Seen.get_queryset, f"{view.__name__}: override `narrow`, never `get_queryset`"
    assert "queryset" not in vars(view), f"{view.__name__}: name its `model`; its rows come from visible_to"
    assert issubclass(view.model, Model)


@pytest.mark.parametrize("view", RESOURCES)
def test_shows_nothing_where_nothing_is_visible(view, town, case, monkeypatch):
    """`narrow` narrows: whatever it does, no row comes from elsewhere."""
    manager = view.model._default_manager
    monkeypatch.setattr(type(manager.all()), "visible_to", lambda rows, actor: rows.none())
    monkeypatch.setattr(type(manager), "visible_to", lambda rows, actor: rows.none())
    for action in ("list", "retrieve", "content", "diagram", "complete"):
        resource = view(action=action, kwargs={}, request=Request(APIRequestFactory().get("/")))
        resource.request.user = None
        resource.actor = town.actors["office"]
        assert list(resource.get_queryset()) == []


@pytest.mark.parametrize("view", RESOURCES)
def test_asks_who_comes(view):
    assert IsAuthenticated in view.permission_classes
    assert view.get_permissions is Seen.get_permissions


def test_a_view_without_sight_would_be_seen():
    class Blind(Seen):
        def get_queryset(self):
            return super().get_queryset().model.objects.all()

    with pytest.raises(AssertionError, match="narrow"):
        test_reads_through_what_is_visible(Blind)
