"""A stranger's file is read without fetching, expanding or trusting anything."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest

from huiyin.engine import xml
from tests.engine.drawing import bpmn, end, flow, start, user
from tests.engine.walking import codes

GOOD = bpmn(start(), user("a"), end(), flow("start > a > end"))
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def with_doctype(doctype: str, text: str = "") -> bytes:
    return GOOD.replace(HEAD, HEAD + doctype.encode()).replace(b'name="a"', f'name="a{text}"'.encode())


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE definitions>",
        '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE definitions [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE definitions [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE definitions [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_a_doctype_is_refused(doctype: str) -> None:
    assert {code for code, _ in codes(with_doctype(doctype))} == {"doctype"}


def test_a_doctype_in_another_encoding_is_refused() -> None:
    source = with_doctype("<!DOCTYPE definitions>").decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert {code for code, _ in codes(source)} == {"doctype"}


def test_entities_do_not_expand() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    source = with_doctype(f'<!DOCTYPE definitions [<!ENTITY l0 "ha">{levels}]>', "&l11;")
    assert {code for code, _ in codes(source)} <= {"doctype", "not-xml"}


def test_nothing_is_fetched() -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    codes(with_doctype(f'<!DOCTYPE definitions SYSTEM "{url}/dtd">'))
    codes(
        GOOD.replace(
            b'id="defs"',
            f'id="defs" xsi:schemaLocation="{xml.BPMN} {url}/x.xsd"'.encode(),
        )
    )
    included = f'<import importType="http://www.w3.org/2001/XMLSchema" location="{url}/i.xsd" namespace="n"/>'
    codes(GOOD.replace(b"<process", included.encode() + b"<process"))
    xinclude = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}/inc"/></process>'
    codes(GOOD.replace(b"</process>", xinclude.encode()))
    server.shutdown()
    assert asked == []


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "not-xml"),
        (b"\x00" * 100, "not-xml"),
        (b"<definitions", "not-xml"),
        (b"<html/>", "other-document"),
        (GOOD.replace(b"20100524", b"20000101"), "other-document"),
        (GOOD.replace(b"<userTask", b"<sequenceFlow").replace(b"</userTask", b"</sequenceFlow"), "schema"),
        (GOOD.replace(b'id="end"', b'id="a"'), "schema"),
        (GOOD.replace(b'id="a"', b'id="a b"'), "schema"),
        (GOOD + b" " * 1_000_001, "too-large"),
        (b"<a>" * 5000, "not-xml"),
    ],
)
def test_what_is_no_bpmn_is_refused(source: bytes, code: str) -> None:
    assert code in {found for found, _ in codes(source)}
    assert codes(GOOD) == set()


def test_comments_and_instructions_change_nothing() -> None:
    source = GOOD.replace(b"<endEvent", b"<!-- x --><?php x ?><endEvent").replace(
        b"</definitions>", b"<!-- y --></definitions>"
    )
    assert codes(source) == set()


def test_the_schemas_come_from_the_library() -> None:
    import SpiffWorkflow.bpmn.parser

    assert (Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd").exists()
