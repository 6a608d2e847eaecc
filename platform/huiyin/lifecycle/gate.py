"""Everything that must hold before a bundle is published; all findings at once, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from django.conf import settings

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.connectors import CONNECTORS
from huiyin.cases.deadlines import CONTACT
from huiyin.core import errors
from huiyin.directory import addresses
from huiyin.forms.document import BrokenForm, Document
from huiyin.lifecycle.bundle import Bundle
from huiyin.rules.models import Profile, Rule

#: A form that every process with `progress` notes ships; no task names it.
STANDING_FORMS = frozenset({"progress"})
#: Forms that a process may ship for what is done beside its tasks.
OPTIONAL_FORMS = frozenset({"visit", "transcription", "contact"})
#: What the clocks may send is what the profile's marks name; what people may send beside tasks is this.
ACTS = frozenset({"withdraw", "signatures.short"})


class GateClosed(errors.Invalid):
    """The process cannot be published: %(count)s findings."""

    def __init__(self, findings: list[engine.Finding]) -> None:
        super().__init__(count=len(findings))
        self.findings = findings


def check(bundle: Bundle, profile: Profile) -> list[engine.Finding]:
    """Every reason why a bundle can't be published under a profile; an empty list lets it pass."""
    findings = engine.check(bundle.diagram, tables=[*bundle.tables, *profile.tables], called=bundle.called)
    documents, broken = _documents(bundle)
    findings = [*findings, *broken]
    if findings:
        return findings
    process = compiled(bundle, profile)
    return [
        *_check_forms(process, documents),
        *_check_addresses(process),
        *_check_connectors(process),
        *_check_rules(process, profile),
        *_check_met(process, documents),
        *_check_stages(process, bundle),
        *_check_messages(process, profile),
    ]


def compiled(bundle: Bundle, profile: Profile) -> engine.Process:
    """
    The process of a bundle under a profile.

    :raises engine.Refused: with every finding of the engine
    """
    tables = [*bundle.tables, *profile.tables]
    return engine.compile_process(bundle.diagram, tables=tables, called=bundle.called)


def _documents(bundle: Bundle) -> tuple[dict[str, Document], list[engine.Finding]]:
    documents, findings = {}, []
    for name, source in bundle.forms.items():
        try:
            documents[name] = Document(source, f"forms/{bundle.process}/{name}")
        except BrokenForm as error:
            findings.append(
                _finding(
                    "",
                    "broken-form",
                    f"表单 {name} 有误：{error}",
                    f"Form {name}: {error}",
                    "按提示修改表单文件。",
                    "Mend the form file as it says.",
                )
            )
    return documents, findings


def _check_forms(process: engine.Process, documents: dict[str, Document]) -> Iterator[engine.Finding]:
    used = STANDING_FORMS | OPTIONAL_FORMS
    for name in sorted(STANDING_FORMS - set(documents)):
        yield _finding(
            "",
            "no-standing-form",
            f"缺少表单 {name}：各单位用它填报阶段进展。",
            f"The form {name} is missing: units report their progress with it.",
            "在 forms/ 下添加它。",
            "Add it under forms/.",
        )
    for step in process.steps.values():
        form = step.props.get("form")
        if form is None:
            continue
        used |= {form}
        if form not in documents:
            yield _finding(
                step.id,
                "no-form",
                f"环节“{step.name}”的表单 {form} 不存在。",
                f"The form {form} of “{step.name}” does not exist.",
                "在 forms/ 下添加它，或改正属性 form。",
                "Add it under forms/, or correct the property `form`.",
            )
    for name in sorted(set(documents) - used):
        yield _finding(
            "",
            "unused-form",
            f"表单 {name} 没有环节使用。",
            f"No step uses the form {name}.",
            "删除它，或让一个环节使用它。",
            "Delete it, or let a step use it.",
        )


def _check_addresses(process: engine.Process) -> Iterator[engine.Finding]:
    for step in process.steps.values():
        # A service task that tells people names them by an address too.
        named = "to" if step.props.get("connector") == "notice" else "address"
        if named not in step.props:
            continue
        try:
            found = addresses.parse(step.props[named])
        except addresses.UnknownAddress as error:
            yield _finding(
                step.id,
                "unknown-address",
                f"环节“{step.name}”的地址看不懂：{step.props[named]}",
                error.sentence,
                "写法见 docs/addresses.md。",
                "See docs/addresses.md for the grammar.",
            )
            continue
        if found.kind == "completer" and found.name not in process.steps:
            yield _finding(
                step.id,
                "unknown-completer",
                f"地址里的环节 {found.name} 不存在。",
                f"The address names the step {found.name}, which does not exist.",
                "改为图中任务的编号。",
                "Name a user task of the diagram.",
            )


def _check_connectors(process: engine.Process) -> Iterator[engine.Finding]:
    for step in process.steps.values():
        if step.kind != runtime.CALLING:
            continue
        name = step.props["connector"]
        connector = CONNECTORS.get(name)
        if connector is None:
            known = ", ".join(CONNECTORS)
            yield _finding(
                step.id,
                "unknown-connector",
                f"环节“{step.name}”的连接器 {name} 不存在。",
                f"The connector {name} of “{step.name}” does not exist.",
                f"用其中之一：{known}。",
                f"Use one of: {known}.",
            )
            continue
        for missing in [needed for needed in connector.needs if not step.props.get(needed)]:
            yield _finding(
                step.id,
                "connector-needs",
                f"环节“{step.name}”的连接器 {name} 需要属性 {missing}。",
                f"The connector {name} of “{step.name}” needs the property `{missing}`.",
                "补上该属性。",
                "Add the property.",
            )
        kind = {"webhook": "url", "mail": "mail"}.get(name)
        to = step.props.get("to", "")
        if kind and to and kind not in settings.ENDPOINTS.get(to, {}):
            yield _finding(
                step.id,
                "unknown-endpoint",
                f"环节“{step.name}”调用的 {to} 没有登记。",
                f"The endpoint {to} that “{step.name}” calls is not known.",
                "请系统管理员在 HUIYIN_ENDPOINTS 指定的文件里登记它，或改正属性 to。",
                "Let the administrator enter it in the file named by HUIYIN_ENDPOINTS, or correct the property `to`.",
            )


def _check_rules(process: engine.Process, profile: Profile) -> Iterator[engine.Finding]:
    known = set(Rule.objects.filter(profile=profile).values_list("code", flat=True))
    for step in process.steps.values():
        named = " ".join(step.props.get(key, "") for key in ("rule", "starts", "meets", "looks_up")).split()
        for code in sorted(
            {code for code in named if not code.startswith("*.") and not code.endswith("?")} - known
        ):
            yield _finding(
                step.id,
                "unknown-rule",
                f"规则集“{profile.name}”里没有规则 {code}。",
                f"The profile “{profile.name}” has no rule {code}.",
                "在规则集文件里添加它、改后移生效日并运行 manage load_profile，或改正图中的名称。",
                "Add it to the profile's file with a later valid_from and run `manage load_profile`, or correct the name.",
            )


def _check_met(process: engine.Process, documents: dict[str, Document]) -> Iterator[engine.Finding]:
    """
    A deadline of the whole case that begins somewhere is met somewhere, else it runs to its end in every case.

    The record of a contact meets the rules that wait for one; for it a form must ask.
    """
    records_contact = any("contact" in document.kinds for document in documents.values())
    met = " ".join(step.props.get("meets", "") for step in process.steps.values()).split()
    for step in process.steps.values():
        for code in step.props.get("starts", "").replace("?", "").split():
            if records_contact and code.endswith(CONTACT):
                continue
            if not any(fnmatchcase(code, pattern) for pattern in met):
                yield _finding(
                    step.id,
                    "never-met",
                    f"期限 {code} 从环节“{step.name}”起算，却没有环节使它完成。",
                    f"The deadline {code} begins at “{step.name}”, and no step meets it.",
                    "在完成它的环节写上 meets。",
                    "Write `meets` on the step that fulfils it.",
                )


def _check_stages(process: engine.Process, bundle: Bundle) -> Iterator[engine.Finding]:
    known = {stage["id"] for stage in bundle.stages}
    for step in process.steps.values():
        stage = step.props.get("stage")
        if stage is not None and stage not in known:
            yield _finding(
                step.id,
                "unknown-stage",
                f"进度条上没有阶段 {stage}。",
                f"There is no stage {stage} on the progress bar.",
                "在 process.yaml 的 stages 里添加它。",
                "Add it to `stages` in process.yaml.",
            )


def _check_messages(process: engine.Process, profile: Profile) -> Iterator[engine.Finding]:
    """Both sides of a message: what a mark sends is caught, what is caught is sent."""
    rules = {rule.code: rule for rule in Rule.objects.filter(profile=profile)}
    caught = {step.message for step in process.steps.values() if step.message}
    sent = set(ACTS)
    for step in process.steps.values():
        for code in [
            *step.props.get("rule", "").split(),
            *step.props.get("starts", "").replace("?", "").split(),
        ]:
            for mark in rules[code].marks if code in rules else []:
                message = mark.get("message")
                if message:
                    sent.add(message)
                if message and message not in caught:
                    yield _finding(
                        step.id,
                        "message-not-caught",
                        f"期限“{code}”届满时发出消息 {message}，图中没有接收它的边界事件。",
                        f"The deadline {code} sends {message}, which no boundary event catches.",
                        "在环节上加一个接收该消息的中断边界事件。",
                        "Add an interrupting boundary event for it.",
                    )
    for step in process.steps.values():
        if step.message and step.message not in sent:
            yield _finding(
                step.id,
                "message-not-sent",
                f"没有期限或操作会发出消息 {step.message}。",
                f"No deadline and no act sends the message {step.message}.",
                "改用规则标记里的消息名，或 withdraw。",
                "Use a message that a rule's mark sends, or `withdraw`.",
            )


def _finding(element: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> engine.Finding:
    return engine.Finding(element=element, code=code, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en)
