"""
The child process that checks strangers' diagrams: `python -m huiyin.engine.aside_child MEGABYTES SECONDS`.

It reads one JSON object a line and writes one. Once it is warm the kernel lets it open nothing more: no file, no
socket, whatever the diagram or a library might want; and each check has its share of memory and processor time.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import unicodedata as unicodedata  # ast reads names in Chinese with it
from base64 import b64decode
from dataclasses import asdict
from pathlib import Path
from typing import Any

from huiyin.engine import compiling
from huiyin.engine.catalogue import finding
from huiyin.engine.compiling import Examined

OPEN = 3  # files: what it reads from, what it writes to, and its errors
ENCODINGS = ("utf-16", "gbk", "gb2312", "gb18030")  # whose tables are files of the C library
SAMPLE = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
    b'<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
    b'<sequenceFlow id="f" sourceRef="s" targetRef="e"/></process></definitions>'
)


def main(megabytes: int, seconds: float) -> None:
    """Answer until there is nobody to ask."""
    _warm()
    memory = _used() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN, OPEN))
    for line in sys.stdin.buffer:
        _allow(seconds)
        sys.stdout.buffer.write(json.dumps(_answer(line)).encode() + b"\n")
        sys.stdout.buffer.flush()
        gc.collect()


def _warm() -> None:
    """Import and read everything that a check needs, by checks of a diagram in order and of one that is not."""
    sheet = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t"/>'
    )
    compiling.examine(SAMPLE.replace(b'<endEvent id="e"/>', _outcome()))
    compiling.examine(SAMPLE, sheets={"d": sheet})
    compiling.examine(b"<")
    for encoding in ENCODINGS:
        compiling.examine(_encoded(encoding))


def _encoded(encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{SAMPLE.decode()}'.encode(encoding)


def _outcome() -> bytes:
    spiff = b"http://spiffworkflow.org/bpmn/schema/1.0/core"
    held = b'<s:properties xmlns:s="%s"><s:property name="outcome" value="o"/></s:properties>' % spiff
    return b'<endEvent id="e"><extensionElements>%s</extensionElements></endEvent>' % held


def _used() -> int:
    """The address space in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _allow(seconds: float) -> None:
    """Give the next check its processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _answer(line: bytes) -> dict[str, Any]:
    request = json.loads(line)
    try:
        found = compiling.examine(
            b64decode(request["bpmn"]),
            tables=request["tables"],
            sheets=_files(request["sheets"]),
            called=_files(request["called"]),
            states=request["states"],
        )
    except MemoryError:
        found = Examined((finding("check-died", "", reason="memory"),), {})
    steps = {name: {**vars(step), "props": dict(step.props)} for name, step in found.steps.items()}
    return {"findings": [asdict(one) for one in found.findings], "steps": steps}


def _files(sent: dict[str, str]) -> dict[str, bytes]:
    return {name: b64decode(source) for name, source in sent.items()}


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
