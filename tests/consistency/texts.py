"""Rules of the texts: nothing of this machine, and both languages whole."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.template import engines
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from tests.consistency import sources

#: Put together here, so that this file does not find itself.
_PATHS = re.compile(
    r"(?<![\w.:/~-])/(?:"
    + "|".join(("wo" + "rk", "ho" + "me/[a-z]+", "ro" + "ot", "opt/" + "dev", "tmp/" + "hdata", "Use" + "rs"))
    + r")/[\w.-]+"
)
_REGISTRIES = re.compile(
    "|".join(
        re.escape(a + b)
        for a, b in (
            ("pypi.", "org"), ("files.python", "hosted"), ("registry.npm", "js"), ("registry.npm", "mirror"),
            ("pypi.tuna.", "tsinghua"), ("mirrors.", "aliyun"), ("registry.", "yarnpkg"), ("proxy.golang", ".org"),
        )
    )
)  # fmt: skip


def machine_paths(texts: Mapping[str, str]) -> Iterator[str]:
    """A path of somebody's machine works on that machine alone."""
    for place, found in _found(texts, _PATHS):
        yield f"{place}: {found} is a path of one machine; make it relative, or read it from the environment"


def package_registries(texts: Mapping[str, str]) -> Iterator[str]:
    """Where packages come from is the installer's own choice."""
    for place, found in _found(texts, _REGISTRIES):
        yield f"{place}: {found} names a package registry; leave it out, pip and npm are told by their own settings"


def _found(texts: Mapping[str, str], pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for path, text in sorted(texts.items()):
        for number, line in enumerate(text.splitlines(), 1):
            for match in pattern.finditer(line):
                yield f"{path}:{number}", match.group()


def read_po(text: str) -> dict[str, str]:
    """msgid -> msgstr of a .po file; fuzzy and obsolete ones are left out, plural forms by their first."""
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*\bfuzzy\b", block, re.M):
            continue
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if match := re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+(".*")\s*$', line):
                key = match[1]
                parts[key] = ast.literal_eval(match[2])
            elif line.startswith('"') and key:
                parts[key] += ast.literal_eval(line)
        if "msgid" in parts:
            found[parts["msgid"]] = parts.get("msgstr", parts.get("msgstr[0]", ""))
    found.pop("", None)
    return found


def stale_mo(name: str, po: str, mo: bytes) -> Iterator[str]:
    """What Django reads is the compiled file."""
    catalogue = gettext.GNUTranslations(io.BytesIO(mo))
    for msgid, msgstr in read_po(po).items():
        if msgstr and catalogue.gettext(msgid) != msgstr and catalogue.ngettext(msgid, msgid, 1) != msgstr:
            yield f"{name}: the .mo is older than the .po at “{msgid}”; run `manage compilemessages`"


def untranslated(msgids: Mapping[str, str], po: str, language: str) -> Iterator[str]:
    """Every text of the pages has its translation."""
    known = read_po(po)
    for msgid, place in sorted(msgids.items(), key=lambda item: item[1]):
        if not known.get(msgid):
            yield f"{place}: “{msgid}” has no {language} translation; add it to locale/…/{language}/LC_MESSAGES/django.po"


def msgids_of_python(texts: Mapping[str, str]) -> dict[str, str]:
    """Literals given to gettext and its sisters, with their place."""
    found: dict[str, str] = {}
    for place, call in sources.calls(texts):
        if (
            sources.name_of(call) in ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext")
            and call.args
        ):
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                found.setdefault(first.value, place)
    return found


def msgids_of_template(name: str, source: str) -> dict[str, str]:
    """Texts of {% translate %} and {% blocktranslate %}, with the template's name."""
    template: Template = engines["django"].from_string(source).template  # type: ignore[attr-defined]
    found: dict[str, str] = {}
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        literal = getattr(node.filter_expression.var, "literal", None)
        if isinstance(literal, str) and literal:
            found[literal] = name
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        found[node.render_token_list(node.singular)[0]] = name
    return found


def msgids_of_templates(folder: Path) -> dict[str, str]:
    """Texts of every template below a folder."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("templates/**/*.html")):
        for msgid, name in msgids_of_template(path.name, path.read_text(encoding="utf-8")).items():
            found.setdefault(msgid, name)
    return found


def sentences(classes: Iterable[type]) -> dict[str, str]:
    """The sentences of refusals, with their class."""
    return {
        " ".join((found.__doc__ or "").split()): f"{found.__module__}.{found.__name__}" for found in classes
    }


_TRANSLATED = re.compile(
    r"\{% blocktranslate.*?endblocktranslate %\}|\{% translate .*?%\}|<(\w+)[^>]*lang=\"zh\"[^>]*>.*?</\1>",
    re.DOTALL,
)


def signs_outside_translation(name: str, source: str) -> Iterator[str]:
    """Chinese punctuation that stands in a page whatever its language."""
    for number, line in enumerate(_TRANSLATED.sub("", source).splitlines(), 1):
        if signs := re.findall("[，。、：；（）？！]", line):
            yield (
                f"{name}:{number}: “{''.join(signs)}” stands outside {{% translate %}}; "
                "write the words and the sign as one text with {% blocktranslate %}"
            )
