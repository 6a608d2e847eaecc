"""Read a stranger's XML: nothing is fetched, nothing expands, and the file must fit its schema."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import Any

import SpiffWorkflow.bpmn.parser
import SpiffWorkflow.dmn.parser
from lxml import etree

from huiyin.engine.catalogue import finding
from huiyin.engine.errors import Finding, Refused

MAX_BYTES = 1_000_000
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_SCHEMAS = {
    BPMN: (SpiffWorkflow.bpmn.parser, "BPMN20.xsd"),
    DMN: (SpiffWorkflow.dmn.parser, "DMN13.xsd"),
}
_VALIDATING = threading.Lock()  # an XMLSchema object keeps its error log


def read(source: bytes, namespace: str) -> Any:
    """
    The root element of a document in this namespace.

    :raises Refused: if it is too large, no XML, has a DOCTYPE, is of another kind or does not fit the schema
    """
    if len(source) > MAX_BYTES:
        raise Refused([finding("too-large", "", limit=MAX_BYTES)])
    root = _parse(source)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused([finding("doctype", "")])
    if not isinstance(root.tag, str) or etree.QName(root).namespace != namespace:
        raise Refused([finding("other-document", "", found=str(root.tag)[:200])])
    problems = _schema_findings(root, namespace)
    if problems:
        raise Refused(problems)
    return root


def _parse(source: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # SpiffWorkflow takes a comment for an element
        remove_pis=True,
    )
    try:
        return etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused([finding("not-xml", "", reason=str(error)[:200])]) from None


@cache
def _schema(namespace: str) -> Any:
    module, name = _SCHEMAS[namespace]
    return etree.XMLSchema(etree.parse(str(Path(str(module.__file__)).parent / "schema" / name)))


def _schema_findings(root: Any, namespace: str) -> list[Finding]:
    with _VALIDATING:
        schema = _schema(namespace)
        if schema.validate(root):
            return []
        errors = list(schema.error_log)[:20]
    return [
        finding("schema", "", line=error.line, reason=error.message.replace(f"{{{namespace}}}", "")[:300])
        for error in errors
    ]


def local(element: Any) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def namespace_of(element: Any) -> str:
    return str(etree.QName(element).namespace or "")


def local_name(reference: str | None) -> str:
    """The id that a QName reference such as `bpmn:matter` names."""
    return (reference or "").rpartition(":")[2]
