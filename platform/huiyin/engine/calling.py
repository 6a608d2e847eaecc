"""
Call activities: the called process is drawn into the caller as an embedded sub-process before anything else is looked at.

So one set of checks, one token game and one saved state serve both; the called process sees and sets the caller's facts,
as an embedded sub-process does. The price is that a diagram calls a process once: its steps keep their own ids.

What a called user task leaves unsaid, the call says: a property of the call (the address of who rules, in one process the
congress and in another the government) goes to every user task of the called process that has none of that name.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.engine import xml
from huiyin.engine.catalogue import finding
from huiyin.engine.errors import Finding, Refused

CALL = f"{{{xml.BPMN}}}callActivity"
_KEPT = ("documentation", "incoming", "outgoing")
_EXTENSIONS, _USER_TASK = f"{{{xml.BPMN}}}extensionElements", f"{{{xml.BPMN}}}userTask"
_PROPERTIES, _PROPERTY = f"{{{xml.SPIFF}}}properties", f"{{{xml.SPIFF}}}property"


def called_by(bpmn: bytes) -> list[str]:
    """
    The ids of the processes that a diagram calls, in the order of the file.

    :raises Refused: if it is no BPMN file
    """
    root = xml.read(bpmn, xml.BPMN)
    return [_target(element) for element in root.iter(CALL)]


def expand(root: Any, called: Mapping[str, bytes]) -> None:
    """
    Put every called process into the diagram, those that they call too.

    :raises Refused: naming each call that cannot be followed
    """
    findings: list[Finding] = []
    path = frozenset({_process(root).get("id", "")})
    _expand(root, root, called, path, findings)
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    findings += [finding("call-id-twice", name, id=name) for name, count in ids.items() if count > 1]
    if findings:
        raise Refused(findings)


def _expand(
    root: Any, within: Any, called: Mapping[str, bytes], path: frozenset[str], findings: list[Finding]
) -> None:
    for call in list(within.iter(CALL)):
        name, where = _target(call), call.get("id", "")
        if name in path:
            findings.append(finding("call-recursive", where, name=name))
        elif name not in called:
            findings.append(finding("call-unknown", where, name=name))
        elif odd := sorted(_oddities(call)):
            findings.append(finding("call-plain", where, found=", ".join(odd)))
        else:
            _follow(root, call, called, path | {name}, findings)


def _follow(
    root: Any, call: Any, called: Mapping[str, bytes], path: frozenset[str], findings: list[Finding]
) -> None:
    other = xml.read(called[_target(call)], xml.BPMN)
    _share_messages(root, other)
    scope = call.makeelement(f"{{{xml.BPMN}}}subProcess", {"id": call.get("id", "")})
    scope.set("name", call.get("name", ""))
    scope.extend([child for child in call if xml.local(child) in _KEPT])
    scope.extend([copy.deepcopy(child) for child in _process(other) if xml.local(child) != "documentation"])
    scope.tail = call.tail
    _say_what_is_left_out(call, scope)
    call.getparent().replace(call, scope)
    _expand(root, scope, called, path, findings)


def _say_what_is_left_out(call: Any, scope: Any) -> None:
    """Give the properties of the call to the user tasks, and the calls, of the called process that have none of that name."""
    said = list(call.iterfind(f"{_EXTENSIONS}/{_PROPERTIES}/{_PROPERTY}"))
    for task in [*scope.iter(_USER_TASK), *scope.iter(CALL)] if said else ():
        own = _child(_child(task, _EXTENSIONS), _PROPERTIES)
        names = {one.get("name") for one in own}
        own.extend([copy.deepcopy(one) for one in said if one.get("name") not in names])


def _child(element: Any, tag: str) -> Any:
    """The child of a tag, made where it is missing; extensions stand before all but the documentation."""
    found = element.find(tag)
    if found is None:
        found = element.makeelement(tag)
        element.insert(len(element.findall(f"{{{xml.BPMN}}}documentation")), found)
    return found


def _share_messages(root: Any, other: Any) -> None:
    """One message name has one element: the called diagram's references are led to the caller's."""
    known = {e.get("name"): e.get("id") for e in root if xml.local(e) == "message"}
    renamed = {}
    for message in [e for e in other if xml.local(e) == "message"]:
        if message.get("name") in known:
            renamed[message.get("id")] = known[message.get("name")]
        else:
            root.insert(0, message)
    for definition in other.iter(f"{{{xml.BPMN}}}messageEventDefinition"):
        reference = xml.local_name(definition.get("messageRef"))
        definition.set("messageRef", renamed.get(reference, reference))


def _process(root: Any) -> Any:
    found = [element for element in root if xml.local(element) == "process"]
    if len(found) != 1:
        raise Refused([finding("one-process", "", count=len(found))])
    return found[0]


def _target(call: Any) -> str:
    return xml.local_name(call.get("calledElement"))


def _oddities(call: Any) -> Iterator[str]:
    """What a call may not carry: loops, data, extensions that are no properties."""
    yield from (xml.local(child) for child in call if xml.local(child) not in (*_KEPT, "extensionElements"))
    yield from (xml.local(one) for one in call.iterfind(f"{_EXTENSIONS}/*") if one.tag != _PROPERTIES)
    yield from (name for name in call.attrib if name not in ("id", "name", "calledElement"))
