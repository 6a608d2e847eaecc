"""Lists go on by cursor: stable while rows are added."""

from rest_framework.pagination import CursorPagination


class ByNewest(CursorPagination):
    """Newest first."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ByDue(ByNewest):
    """Due first, the order of every work list."""

    ordering = ("due_on", "id")
