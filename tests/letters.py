"""One 文号 for the many cases of a scenario: their letters are said to be one."""

from __future__ import annotations

from typing import Any


def joint(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of a step; where it signs a letter, with the word that the number may be another case's too."""
    issuing = answers.get("issuing", {})
    if issuing.get("decision") != "issue":
        return answers
    return {**answers, "issuing": {**issuing, "joint": "yes"}}
