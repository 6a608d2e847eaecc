"""The workbook of the demo's Monday after a session: 240 suggestions to import, two of them with something to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from huiyin.directory.models import Person, Place
from huiyin.lifecycle.demo import year

ROWS = 240


def rows(congress: Place, deputies: Sequence[Person]) -> list[dict[str, str]]:
    """
    What stands in each row, by part of a suggestion (`congress.reading.HEADINGS`).

    The movers are the congress's deputies in turn; those who share a name are left out, since a row of theirs would have to
    say which one is meant. Two of the first rows are wrong: a name that nobody has, and no asks.
    """
    named = Counter(person.name for person in deputies)
    movers = [person.name for person in deputies if named[person.name] == 1]
    towns = list(Place.objects.filter(parent=congress).order_by("code").values_list("name", flat=True))
    topics = year.read()["topics"]
    if not movers or not towns:
        return []
    found = [_row(number, topics, movers, towns) for number in range(ROWS)]
    found[2]["mover"] = f"{movers[0]}某"
    found[6]["asks"] = ""
    return found


def _row(
    number: int, topics: Sequence[dict[str, str]], movers: Sequence[str], towns: Sequence[str]
) -> dict[str, str]:
    topic = topics[number % len(topics)]
    place = towns[(number * 5 + number // len(topics)) % len(towns)]
    seconds = {movers[(number * 3 + step) % len(movers)] for step in range(1, 1 + number % 4)}
    mover = movers[(number * 7) % len(movers)]
    title = topic["title"].format(place=place)
    return {
        "title": title.replace("关于", "关于进一步", 1),
        "mover": mover,
        "cosigners": "、".join(sorted(seconds - {mover})),
        "words": topic["words"].format(place=place),
        "asks": "\n".join(topic["asks"]),
    }
