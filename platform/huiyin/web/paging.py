"""Pages of a list that grows with the archive: the newest can be paged through, what is older is found by its words."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

#: pages that can be paged through
MOST_PAGES = 100


def newest(
    request: HttpRequest, found: QuerySet[Any], rows: QuerySet[Any], size: int
) -> tuple[Page[Any], int]:
    """
    The page of a list that the address names, and how many rows the list was cut to (0 if it holds all).

    One look through the archive: counting all of it and then reading a page would be two, and the counting the longer.

    :param found: what the list holds, in its order
    :param rows: the same kind of rows with what a row shows; read for the page alone
    :param size: rows on a page
    """
    most = size * MOST_PAGES
    keys = list(found.values_list("pk", flat=True)[: most + 1])
    page: Page[Any] = Paginator(keys[:most], size).get_page(request.GET.get("page"))
    by_key: dict[int, Model] = rows.in_bulk(page.object_list)
    page.object_list = [by_key[key] for key in page.object_list if key in by_key]
    return page, most if len(keys) > most else 0
