"""The options of a grid's rows: a page has tens of thousands of them, and the same list in every row."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: Stands for the name of a row's field in the list that all rows share; no text of a page holds it.
_NAME = "\0"
#: Lists that are remembered: some for each form of each county.
_MOST = 128


@register.simple_tag
def select_options(options: Collection[tuple[str, str]], chosen: str = "", base: str = "") -> SafeString:
    """The options of a select. :param base: the field's name in its form, where the page shows others by what is chosen"""
    return _mark(_options(tuple(options), base), [chosen or ""], "selected")


@register.simple_tag
def check_options(
    options: Collection[tuple[str, str]], name: str, chosen: Collection[str] | None = None
) -> SafeString:
    """Boxes to tick, as many as wanted."""
    shared = _mark(_checks(tuple(options)), chosen or (), "checked")
    return mark_safe(shared.replace(_NAME, escape(name)))


def _mark(shared: SafeString, chosen: Collection[str], how: str) -> SafeString:
    html = str(shared)
    for code in chosen:
        value = f'value="{escape(code)}"'
        html = html.replace(value, f"{value} {how}", 1) if code else html
    return mark_safe(html)


@lru_cache(maxsize=_MOST)
def _options(options: tuple[tuple[str, str], ...], base: str) -> SafeString:
    if not base:
        return format_html_join("", '<option value="{}">{}</option>', options)
    shown = ((code, base, code, text) for code, text in options)
    return format_html_join("", '<option value="{}" data-is="{}={}">{}</option>', shown)


@lru_cache(maxsize=_MOST)
def _checks(options: tuple[tuple[str, str], ...]) -> SafeString:
    row = '<label class="check"><input type="checkbox" name="{}" value="{}"> {}</label>'
    return format_html_join("", row, ((_NAME, code, text) for code, text in options))
