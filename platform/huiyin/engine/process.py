"""A compiled process: immutable, shared by all its cases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from huiyin.engine.diagram import Scope
from huiyin.engine.runtime import Case
from huiyin.engine.values import Flow, Step


class Process:
    """What the diagram holds, plus the engine's own specs. `digest` is the SHA-256 of the diagram's bytes."""

    __slots__ = ("_flow_ids", "_inner", "_scopes", "_top", "digest", "flows", "id", "name", "steps")

    def __init__(
        self,
        *,
        id: str,
        name: str,
        digest: str,
        steps: Mapping[str, Step],
        flows: Mapping[str, Flow],
        specs: tuple[Any, Mapping[str, Any]],
        scopes: tuple[Scope, ...],
    ) -> None:
        made = {
            "id": id,
            "name": name,
            "digest": digest,
            "steps": MappingProxyType(dict(steps)),
            "flows": MappingProxyType(dict(flows)),
            "_top": specs[0],
            "_inner": specs[1],
            "_scopes": {scope.id: scope for scope in scopes},
            "_flow_ids": {(flow.source, flow.target): flow.id for flow in flows.values()},
        }
        for attribute, value in made.items():
            object.__setattr__(self, attribute, value)

    id: str
    name: str
    digest: str
    steps: Mapping[str, Step]
    flows: Mapping[str, Flow]

    def __setattr__(self, attribute: str, value: object) -> None:
        raise AttributeError("a process does not change")

    def new_case(self) -> Case:
        """An empty case on these specs, to be started or filled from a saved state."""
        return Case(self._top, self._inner, self._flow_ids)  # type: ignore[attr-defined]

    def specs_in(self, scope: str) -> Mapping[str, Any]:
        """The engine's own specs by name, of the process itself or of one sub-process."""
        spec = self._top if scope == self.id else self._inner[scope]  # type: ignore[attr-defined]
        return dict(spec.task_specs)

    def scope(self, scope: str) -> Scope:
        """The drawing of the process itself or of one sub-process."""
        found: Scope = self._scopes[scope]  # type: ignore[attr-defined]
        return found
