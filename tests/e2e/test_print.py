"""Every diagram of the shipped processes comes out of the browser as one readable sheet of A3."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from huiyin.cases import present
from huiyin.definitions.models import Definition
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at

pytestmark = pytest.mark.browser

POINTS_A_MM = 72 / 25.4
A3_LANDSCAPE = (420 * POINTS_A_MM, 297 * POINTS_A_MM)
LEGIBLE = 5.0  # pt
#: What is written, in points on paper: CSS lays pages out at 96 dots an inch.
SMALLEST = """() => {
  const points = [...document.querySelectorAll(".drawing > svg text")].filter((text) => text.textContent.trim())
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a * 72 / 96);
  return { labels: points.length, smallest: Math.min(...points) };
}"""
#: Whether a word of the drawing reaches over the sheet's edge.
INSIDE = """() => {
  const sheet = document.querySelector(".drawing").getBoundingClientRect();
  return [...document.querySelectorAll(".drawing > svg text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < sheet.left - 1 || box.right > sheet.right + 1 || box.top < sheet.top - 1 || box.bottom > sheet.bottom + 1;
  }).map((text) => text.textContent);
}"""

#: Words that lie on other words, under a shape, or on a line of the flow.
HIDDEN = """() => {
  const svg = document.querySelector(".drawing > svg"), found = [];
  const words = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const boxes = words.map((text) => text.getBoundingClientRect());
  const within = (box, x, y) => x > box.left + 1 && x < box.right - 1 && y > box.top + 2 && y < box.bottom - 2;
  boxes.forEach((one, n) => {
    boxes.slice(n + 1).forEach((two, m) => {
      const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (wide > 1 && high > 2) found.push(`${words[n].textContent} on ${words[n + 1 + m].textContent}`);
    });
    const top = document.elementFromPoint((one.left + one.right) / 2, (one.top + one.bottom) / 2);
    const own = words[n].contains(top) || top.closest("g.djs-shape") === words[n].closest("g.djs-shape");
    if (!own) found.push(`${words[n].textContent} is covered`);
  });
  svg.querySelectorAll("g.djs-connection g.djs-visual > path").forEach((path) => {
    const to = path.getScreenCTM(), length = path.getTotalLength();
    for (let at = 0; at <= length; at += 4) {
      const point = path.getPointAtLength(at).matrixTransform(to);
      const hit = boxes.findIndex((box) => within(box, point.x, point.y));
      if (hit >= 0) { found.push(`a line runs through ${words[hit].textContent}`); break; }
    }
  });
  return found;
}"""


def sheets() -> list[tuple[str, str]]:
    """(process, called process or the empty text), each drawing once."""
    found: dict[str, tuple[str, str]] = {}
    for name in bundles.shipped():
        for process in ("", *bundles.read(name).called):
            found.setdefault(process or name, (name, process))
    return list(found.values())


@pytest.fixture
def definition_of(town):
    def publish(name: str) -> Definition:
        known = Definition.objects.newest(town.jurisdiction, name).first()
        return known or storing.store(
            bundles.read(name), town.jurisdiction, version=1, by=None, now=at("2026-02-02T08:00")
        )

    return publish


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """The sizes of the pages in points; Chromium writes the page objects in the clear."""
    count = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    assert count == len(boxes)
    return [(float(wide), float(high)) for wide, high in boxes]


@pytest.mark.parametrize(("name", "process"), sheets(), ids=lambda value: value or "own")
def test_is_one_readable_sheet(person, definition_of, name, process):
    definition = definition_of(name)
    someone = person().signs_in_as("congress")
    page = someone.page
    parts = [definition.public_id, process] if process else [definition.public_id]
    page.goto(reverse("print_called" if process else "print_diagram", args=parts))
    page.wait_for_selector(".drawing > svg")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1512, "height": 1047})  # 400 × 277 mm
    written = page.evaluate(SMALLEST)
    assert written["labels"] > 0
    assert written["smallest"] >= LEGIBLE, written
    assert page.evaluate(INSIDE) == []
    assert page.evaluate(HIDDEN) == []
    assert someone.sees(dict(present.drawn_in(definition))[process])
    assert someone.sees("v1")
    assert someone.sees(definition.digest[:16])
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    ((wide, high),) = pages_of(pdf)
    assert (wide, high) == pytest.approx(A3_LANDSCAPE, abs=1)


def test_without_scripts_says_so_and_offers_the_file(person, definition_of):
    definition = definition_of("matter")
    someone = person(scripts=False).signs_in_as("congress")
    someone.page.goto(reverse("print_diagram", args=[definition.public_id]))
    assert someone.sees("下载 BPMN")
    assert someone.page.locator(".drawing a[download]").count() == 1
