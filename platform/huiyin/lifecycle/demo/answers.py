"""What the people of the demo's session write at each step of a suggestion; the luck of a case is seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from huiyin.cases.models import Case, Task
from huiyin.cases.present.numbers import next_document_number
from huiyin.directory.models import Unit

OK = {"review": {"decision": "pass"}}
SETTLED = ("done", "done", "done", "done", "doing", "doing", "planned", "noted")


def letter_number(unit: Unit | None, marks: Mapping[str, str], on: date) -> str:
    """The unit's next 文号, or its first."""
    following = next_document_number(unit, on) if unit else ""
    return following or f"岚{marks.get(unit.name if unit else '', '办')}〔{on.year}〕1号"


class Writer:
    """The answers to a suggestion's tasks; `data` is the session's file, with the sentences they choose from."""

    def __init__(
        self,
        case: Case,
        topic: Mapping[str, Any],
        data: Mapping[str, Any],
        units: Mapping[str, str],
        luck: random.Random,
    ) -> None:
        self.case, self.topic, self.units, self.luck = case, topic, units, luck
        self.texts, self.marks = data["texts"], data["marks"]
        self.name = ""
        self.result = luck.choice(SETTLED)
        self.mood = luck.random()
        self.extends = luck.random() < 0.05
        self.returned = luck.random() < 0.12

    def answers(self, task: Task, today: date, name: str) -> dict[str, Any] | None:
        """The answers to a task by the person of that name; None where the person stays silent."""
        self.name = name
        write: Callable[[Task, date], dict[str, Any] | None] = getattr(self, f"_{task.step_id}", self._plain)
        return write(task, today)

    def _say(self, about: str, **known: object) -> str:
        return self.luck.choice(self.texts[about]).format(**known)

    def _plain(self, task: Task, today: date) -> dict[str, Any]:
        fixed: dict[str, dict[str, Any]] = {
            "submit": {"next": "submit", "signatures": {"confirmed": True}},
            "propose": {"units": self._units(), "remarks": "请主办单位牵头，协办单位配合。"},
            "preview": {"opinion": "agree"},
            "assign": {"plan": "keep", "remarks": "请按期办理。"},
            "sign": {"sign": "accept"},
            "opinion": {"progress": {"stage": "协办", "text": self._say("opinion")}},
            "check": OK,
            "cosign": OK,
            "review": OK,
            "extension_ruling": {
                "extension_ruling": {"decision": "granted", "reason": "涉及面广，情况属实。"}
            },
            "talk": {"on": today.isoformat(), "reason": "单位负责人与代表当面沟通，表示改进工作作风。"},
            "study": {"finding": "整改不彻底，代表要求明确完成时限。", "units": self._units()},
            "conference": self._concluded(today),
            "conference_final": self._concluded(today),
        }
        return fixed[task.step_id]

    def _concluded(self, today: date) -> dict[str, Any]:
        words = "代表、主办单位与代表工委会商，就分步实施达成一致。"
        return {"on": today.isoformat(), "conclusion": "committed", "reason": words}

    def _units(self) -> dict[str, Any]:
        return {"lead": self.units[self.topic["lead"]], "co": [self.units[self.topic["co"]]]}

    def _screen(self, task: Task, today: date) -> dict[str, Any]:
        if self.luck.random() < 0.015:
            return {"screening": "decline", "reason": "属于市场主体自主经营事项，不属于建议办理范围（§9）。"}
        if self.luck.random() < 0.015:
            return {"screening": "letter", "reason": "属于政策咨询，按来信处理并答复。"}
        return {"screening": "accept", "register": {"category": self.topic["category"]}}

    def _hand_over(self, task: Task, today: date) -> dict[str, Any]:
        return {"handover": {"on": today.isoformat()}, "remarks": "请于法定期限内办理并答复代表。"}

    def _work(self, task: Task, today: date) -> dict[str, Any]:
        written: dict[str, Any] = {
            "contact": {"way": self.luck.choice(("visit", "meeting", "phone")), "on": today.isoformat(),
                        "text": self._say("contact")},
            "progress": {"stage": "组织实施", "text": self._say("progress")},
            "working": "done",
        }  # fmt: skip
        if self.extends:
            self.extends = False
            reason = "涉及多个部门和较大投资，需分步实施。"
            written |= {"working": "extend", "extension": {"to": f"{today.year}-08-07", "reason": reason}}
        return written

    def _draft(self, task: Task, today: date) -> dict[str, Any]:
        results = {1: self.result}  # the first ask is the hard one
        asks = []
        for number, ask in self.case.asks.values_list("number", "text"):
            result = results.get(number, "done")
            month = today.month % 12 + 1 if task.round > 1 else today.month
            said = self._say("again" if task.round > 1 else result, ask=ask, month=month)
            asks.append({"ask": number, "result": result, "text": said})
        words = self._say("reply", title=self.case.title, co=self.topic["co"])
        if earlier := self.case.replydraft_rows.filter(round=task.round).count():
            words += f"还需跟进的事项，{(today.month + earlier) % 12 + 1}月底前办完，责任人{self.name}。"
        contact = {"contact_name": f"{self.name}（业务科）", "contact_phone": "0990-5550000"}
        return {"reply_draft": {"result": self.result, "asks": asks, "text": words, **contact}}

    def _issue(self, task: Task, today: date) -> dict[str, Any]:
        if self.returned:
            self.returned = False
            return {"issuing": {"decision": "return", "remarks": "请补充完成时限和责任人。"}}
        number = letter_number(task.unit, self.marks, today)
        signed = {"document_number": number, "signed_by": self.name, "signed_on": today.isoformat()}
        return {"issuing": {"decision": "issue", **signed}}

    def _inspect(self, task: Task, today: date) -> dict[str, Any]:
        if self.luck.random() < 0.04:
            return {"review": {"decision": "return", "remarks": "答复过于笼统，请逐条写明措施。"}}
        return OK

    def _deliver(self, task: Task, today: date) -> dict[str, Any]:
        return {"delivery": {"on": today.isoformat(), "way": self.luck.choice(("site", "paper", "meeting"))}}

    def _rate(self, task: Task, today: date) -> dict[str, Any] | None:
        asks = list(self.case.asks.values_list("number", flat=True))
        if self.mood < 0.07:
            return None
        if self.mood < 0.17 and (task.round == 1 or self.mood < 0.09):
            words = self._say("dissatisfied")
            settled = [{"ask": number, "settled": "no" if number == 1 else "yes"} for number in asks]
            return {
                "rating": {"result": "dissatisfied", "attitude": "basic", "words": words, "asks": settled}
            }
        settled = [{"ask": number, "settled": "yes"} for number in asks]
        if self.result in ("planned", "noted"):
            settled[0]["settled"] = "no"
        attitude = "dissatisfied" if 0.17 <= self.mood < 0.19 else "satisfied"
        result = "basic" if self.mood < 0.4 or self.result == "noted" else "satisfied"
        return {"rating": {"result": result, "attitude": attitude, "asks": settled}}

    def _commit(self, task: Task, today: date) -> dict[str, Any]:
        due = f"{today.year}-{self.luck.choice(('10-31', '11-30', '12-31'))}"
        ask = self.case.asks.values_list("text", flat=True)[0]
        return {"commitments": [{"text": self._say("commitment", ask=ask), "due_on": due}]}

    _commit_last = _commit_unrated = _commit
