"""What the people of the demo's session write at each step of a suggestion; the luck of a case is seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from huiyin.cases.models import Case, Task

OK = {"review": {"decision": "pass"}}
SETTLED = ("done", "done", "done", "done", "doing", "doing", "planned", "noted")
TEXTS = {
    "done": "经现场核查，情况属实。已安排专项资金组织实施并完成整改，目前运行正常。",
    "doing": "该项工作已列入年度计划并开工，预计年内完成，我们将定期向您通报进展。",
    "planned": "受资金和用地限制，该项已列入明年实施计划，将优先安排。",
    "noted": "经研究，目前条件尚不成熟，已作为今后工作的参考，感谢您的理解。",
}


class Writer:
    """The answers to a suggestion's tasks."""

    def __init__(
        self, case: Case, topic: Mapping[str, Any], units: Mapping[str, str], luck: random.Random
    ) -> None:
        self.case, self.topic, self.units, self.luck = case, topic, units, luck
        self.result = luck.choice(SETTLED)
        self.mood = luck.random()
        self.extends = luck.random() < 0.05
        self.returned = luck.random() < 0.12

    def answers(self, task: Task, today: date) -> dict[str, Any] | None:
        """The answers to a task; None where the person stays silent."""
        write: Callable[[Task, date], dict[str, Any] | None] = getattr(self, f"_{task.step_id}", self._plain)
        return write(task, today)

    def _plain(self, task: Task, today: date) -> dict[str, Any]:
        fixed: dict[str, dict[str, Any]] = {
            "submit": {"next": "submit", "signatures": {"confirmed": True}},
            "propose": {"units": self._units(), "remarks": "请主办单位牵头，协办单位配合。"},
            "preview": {"opinion": "agree"},
            "assign": {"plan": "keep", "remarks": "请按期办理。"},
            "sign": {"sign": "accept"},
            "opinion": {"progress": {"stage": "协办", "text": "我单位已按职责配合，相关意见已送主办单位。"}},
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

    def _work(self, task: Task, today: date) -> dict[str, Any]:
        written: dict[str, Any] = {
            "contact": {"way": self.luck.choice(("visit", "meeting", "phone")), "on": today.isoformat(),
                        "text": "与代表面商，介绍办理思路并听取意见。"},
            "progress": {"stage": "组织实施", "text": "已到现场踏勘，制定方案并组织实施。"},
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
        for number in self.case.asks.values_list("number", flat=True):
            result = results.get(number, "done")
            asks.append({"ask": number, "result": result, "text": TEXTS[result]})
        words = f"感谢您对{self.case.place.name}工作的关心。协办单位意见已一并吸收。"
        contact = {"contact_name": "业务科", "contact_phone": "0990-5550000"}
        return {"reply_draft": {"result": self.result, "asks": asks, "text": words, **contact}}

    def _issue(self, task: Task, today: date) -> dict[str, Any]:
        if self.returned:
            self.returned = False
            return {"issuing": {"decision": "return", "remarks": "请补充完成时限和责任人。"}}
        short = (task.unit.name if task.unit else "").removeprefix("县")[:4]
        number = f"岚{short}〔{today.year}〕{self.luck.randint(10, 199)}号"
        signed = {"document_number": number, "signed_by": "局长", "signed_on": today.isoformat()}
        return {"issuing": {"decision": "issue", **signed}}

    def _inspect(self, task: Task, today: date) -> dict[str, Any]:
        if self.luck.random() < 0.04:
            return {"review": {"decision": "return", "remarks": "答复过于笼统，请逐条写明措施。"}}
        return OK

    def _deliver(self, task: Task, today: date) -> dict[str, Any]:
        return {"delivery": {"on": today.isoformat(), "way": self.luck.choice(("site", "paper", "meeting"))}}

    def _rate(self, task: Task, today: date) -> dict[str, Any] | None:
        asks = list(self.case.asks.values_list("number", flat=True))
        settled = [{"ask": number, "settled": "yes" if self.result == "done" else "no"} for number in asks]
        if self.mood < 0.07:
            return None
        if self.mood < 0.17 and (task.round == 1 or self.mood < 0.09):
            words = "主要诉求还没有落实，希望拿出具体时间表。"
            return {
                "rating": {"result": "dissatisfied", "attitude": "basic", "words": words, "asks": settled}
            }
        attitude = "dissatisfied" if 0.17 <= self.mood < 0.19 else "satisfied"
        result = "basic" if self.mood < 0.4 else "satisfied"
        return {"rating": {"result": result, "attitude": attitude, "asks": settled}}

    def _commit(self, task: Task, today: date) -> dict[str, Any]:
        due = f"{today.year}-{self.luck.choice(('10-31', '11-30', '12-31'))}"
        return {"commitments": [{"text": "完成答复中承诺的建设内容并向代表报告。", "due_on": due}]}

    _commit_last = _commit
