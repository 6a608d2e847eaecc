"""What a row of a file means here: which deputies it names, which class, which day, and what is wrong with it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from huiyin.cases import runtime
from huiyin.congress import importing, selectors
from huiyin.congress.models import ImportRow
from huiyin.congress.reading import Read, day_in, names_in
from huiyin.core import canonical
from huiyin.definitions.models import Definition
from huiyin.directory.models import Person, Place, Post
from huiyin.directory.roles import Role
from huiyin.forms import answers as forms

#: How alike a name must be to be offered, and how many are.
ALIKE, OFFERED = 0.5, 3


@dataclass
class Reader:
    """Understands the rows of one file, with the deputies of each day looked up once."""

    definition: Definition
    place: Place
    today: date
    default_day: date
    _deputies: dict[date, dict[str, list[tuple[Person, str]]]] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def row(self, read: Read) -> ImportRow:
        """What a row means; it has problems if it can't be entered."""
        row = ImportRow(
            number=read.number,
            source=read.source[:200],
            title=read.texts.get("title", "")[:300],
            mover_text=read.texts.get("mover", "")[:300],
            cosigner_names=read.texts.get("cosigners", ""),
            problems=[],
            remarks=[],
        )
        row.answers = self._answers(read, row)
        row.received_on = self._day(read.texts.get("received_on", ""), row)
        self._name_people(row, row.received_on or self.default_day)
        row.category = self._category(read.texts.get("category", ""), row)
        row.key = self._key(row)
        if row.key in self._seen:
            row.problems.append(_("与%(where)s重复") % {"where": self._seen[row.key]})
        self._seen.setdefault(row.key, _("第 %(n)s 行") % {"n": row.number} if not row.source else row.source)
        return row

    def _answers(self, read: Read, row: ImportRow) -> dict[str, object]:
        answers: dict[str, object] = {
            name: read.texts[name] for name in ("title", "words") if read.texts.get(name)
        }
        if read.asks:
            answers["asks"] = read.asks
        try:
            forms.check(runtime.of(self.definition.pk).first_form, answers)
        except forms.AnswersRejected as rejected:
            row.problems += rejected.problems.values()
        return answers

    def _day(self, text: str, row: ImportRow) -> date | None:
        if not text:
            return self.default_day
        day = day_in(text)
        if day is None:
            row.problems.append(_("看不懂提交日期“%(text)s”，请写成 2026-02-10 这样") % {"text": text[:20]})
        elif day > self.today:
            row.problems.append(_("提交日期 %(day)s 还没有到") % {"day": day.isoformat()})
        else:
            return day
        return None

    def _name_people(self, row: ImportRow, on: date) -> None:
        movers = names_in(row.mover_text)
        if not movers:
            row.problems.append(_("没有写领衔代表"))
        elif len(movers) > 1:
            row.problems.append(_("领衔代表只能有一名，其余写在附议代表里"))
        else:
            row.mover = self._person(movers[0], on, row)
        signers = [self._person(name, on, row) for name in names_in(row.cosigner_names)]
        if row.mover is not None and row.mover in signers:
            row.remarks.append(_("领衔代表也写在附议代表里，只算一次"))
        row.cosigner_ids = [one.pk for one in dict.fromkeys(signers) if one is not None and one != row.mover]

    def _person(self, text: str, on: date, row: ImportRow) -> Person | None:
        """The one deputy of a name; “王伟（石棠镇）” tells two of one name apart."""
        name, _bracket, home = text.replace("(", "（").rstrip(")）").partition("（")
        known = self._deputies_on(on)
        found = [one for one in known.get(name, []) if not home or home in one[1]]
        if len(found) == 1:
            return found[0][0]
        if found or known.get(name):
            homes = _("、").join(f"{name}（{where}）" for _one, where in known[name])
            row.problems.append(
                _("代表“%(name)s”有同名的，请写明是哪一位：%(homes)s") % {"name": name, "homes": homes}
            )
            return None
        near = difflib.get_close_matches(name, list(known), OFFERED, ALIKE)
        sentence = _("没有叫“%(name)s”的代表") % {"name": name[:20]}
        if near:
            sentence += _("，是不是：%(names)s？") % {"names": _("、").join(near)}
        row.problems.append(sentence)
        return None

    def _deputies_on(self, on: date) -> dict[str, list[tuple[Person, str]]]:
        if on not in self._deputies:
            people = selectors.deputies_of_congress(self.place, on)
            posts = Post.objects.held_on(on).filter(role=Role.DEPUTY, person__in=people)
            named: dict[str, list[tuple[Person, str]]] = {}
            for post in posts.select_related("person", "place").order_by("place__path", "person_id"):
                homes = named.setdefault(post.person.name, [])
                if post.person not in [one for one, _where in homes]:
                    homes.append((post.person, post.place.name))
            self._deputies[on] = named
        return self._deputies[on]

    @cached_property
    def _categories(self) -> dict[str, str]:
        options = importing.categories_of(self.definition)
        words = {text: code for code, texts in options.items() for text in texts.values()}
        return words | {code: code for code in options}

    def _category(self, text: str, row: ImportRow) -> str:
        if not text:
            return ""
        if text not in self._categories:
            row.remarks.append(_("没有“%(text)s”这个类别，请在审查时选择") % {"text": text[:20]})
        return self._categories.get(text, "")

    def _key(self, row: ImportRow) -> str:
        """The same words of the same mover are the same suggestion, whatever the file is called."""
        mover = row.mover.pk if row.mover else row.mover_text
        body = canonical.encode([self.definition.process, self.place.code, mover, row.answers])
        return f"import:{hashlib.sha256(body).hexdigest()}"


def mark_known(rows: Sequence[ImportRow]) -> None:
    """Find the rows whose suggestions are cases already: they are shown, and not entered again."""
    known = importing.imported_before([row.key for row in rows])
    for row in rows:
        row.case = known.get(row.key)
