"""The words of what the gate finds beyond the engine's own catalogue, Chinese first. A data table, so it is long."""

from __future__ import annotations

from huiyin import engine


def finding(code: str, element: str = "", **found: object) -> engine.Finding:
    """A finding of this code; `found` fills the gaps in its words."""
    zh, en, remedy_zh, remedy_en = (words.format(**found) for words in WORDS[code])
    return engine.Finding(element, code, zh, en, remedy_zh, remedy_en)


# code: (中文, English, 改法, remedy)
WORDS: dict[str, tuple[str, str, str, str]] = {
    # forms
    "broken-form": (
        "表单 {form} 有误：{what}",
        "Form {form}: {what}",
        "按提示修改表单文件。",
        "Mend the form file as it says.",
    ),
    "no-standing-form": (
        "缺少表单 {form}：各单位用它填报阶段进展。",
        "The form {form} is missing: units report their progress with it.",
        "在 forms/ 下添加它。",
        "Add it under forms/.",
    ),
    "no-form": (
        "环节“{step}”的表单 {form} 不存在。",
        "The form {form} of “{step}” does not exist.",
        "在 forms/ 下添加它，或改正属性 form。",
        "Add it under forms/, or correct the property `form`.",
    ),
    "unused-form": (
        "表单 {form} 没有环节使用。",
        "No step uses the form {form}.",
        "删除它，或让一个环节使用它。",
        "Delete it, or let a step use it.",
    ),
    # addresses
    "unknown-address": (
        "环节“{step}”的地址看不懂：{address}",
        "The address of “{step}” cannot be read: {address}",
        "写法见 docs/addresses.md。",
        "See docs/addresses.md for the grammar.",
    ),
    "unknown-completer": (
        "地址里的环节 {name} 不存在。",
        "The address names the step {name}, which does not exist.",
        "改为图中任务的编号。",
        "Name a user task of the diagram.",
    ),
    # taking back
    "unknown-until": (
        "环节“{step}”可以收回到环节 {name} 为止，但图中没有这个任务。",
        "“{step}” can be taken back until the step {name}, and the diagram has no such user task.",
        "把 recall_until 改为图中任务的编号。",
        "Name a user task of the diagram in recall_until.",
    ),
    "never-recalled": (
        "环节“{step}”写了 recall_until，但它的表单填写后不能收回。",
        "“{step}” says recall_until, and what its form writes is never taken back.",
        "去掉 recall_until，或去掉表单里通知他人、编号、表决之类的字段。",
        "Leave recall_until out, or take the fields that tell others, number or vote out of the form.",
    ),
    # service tasks
    "unknown-connector": (
        "环节“{step}”的连接器 {connector} 不存在。",
        "The connector {connector} of “{step}” does not exist.",
        "用其中之一：{known}。",
        "Use one of: {known}.",
    ),
    "connector-needs": (
        "环节“{step}”的连接器 {connector} 需要属性 {name}。",
        "The connector {connector} of “{step}” needs the property `{name}`.",
        "补上该属性。",
        "Add the property.",
    ),
    "unknown-endpoint": (
        "环节“{step}”调用的 {endpoint} 没有登记。",
        "The endpoint {endpoint} that “{step}” calls is not known.",
        "请系统管理员在 HUIYIN_ENDPOINTS 指定的文件里登记它，或改正属性 to。",
        "Let the administrator enter it in the file named by HUIYIN_ENDPOINTS, or correct the property `to`.",
    ),
    # rules, stages, messages
    "unknown-rule": (
        "规则集“{profile}”里没有规则 {rule}。",
        "The profile “{profile}” has no rule {rule}.",
        "在规则集文件里添加它、改后移生效日并运行 manage load_profile，或改正图中的名称。",
        "Add it to the profile's file with a later valid_from and run `manage load_profile`, or correct the name.",
    ),
    "never-met": (
        "期限 {rule} 从环节“{step}”起算，却没有环节使它完成。",
        "The deadline {rule} begins at “{step}”, and no step meets it.",
        "在完成它的环节写上 meets。",
        "Write `meets` on the step that fulfils it.",
    ),
    "unknown-stage": (
        "进度条上没有阶段 {stage}。",
        "There is no stage {stage} on the progress bar.",
        "在 process.yaml 的 stages 里添加它。",
        "Add it to `stages` in process.yaml.",
    ),
    "message-not-caught": (
        "期限“{rule}”届满时发出消息 {message}，图中没有接收它的边界事件。",
        "The deadline {rule} sends {message}, which no boundary event catches.",
        "在环节上加一个接收该消息的中断边界事件。",
        "Add an interrupting boundary event for it.",
    ),
    "message-not-sent": (
        "没有期限或操作会发出消息 {message}。",
        "No deadline and no act sends the message {message}.",
        "改用规则标记里的消息名，或 withdraw。",
        "Use a message that a rule's mark sends, or `withdraw`.",
    ),
    # outcomes
    "unknown-outcome": (
        "结果 {outcome} 没有告知用语，提出的人不会知道。",
        "The outcome {outcome} has no words of notice, so whoever asked would not learn of it.",
        "可用的结果：{known}；新的结果先写用语 notice_closed_{outcome}。",
        "Known outcomes: {known}; write the words notice_closed_{outcome} before using a new one.",
    ),
    "no-reply": (
        "没有答复就以“{outcome}”结束。走法：{path}",
        "It ends as “{outcome}” without a reply. The way: {path}",
        "在到达之前加一个任务，其表单有必填的 reply 或 delivery。",
        "Lead the way through a task whose form requires a field of the kind reply or delivery.",
    ),
    "no-rating-chance": (
        "答复之后没有机会评价就以“{outcome}”结束。走法：{path}",
        "It ends as “{outcome}” without a chance to rate the last reply. The way: {path}",
        "在最后一次答复之后加一个任务，其表单有 rating 或 tally；逾期未评由边界事件接走。",
        "Put a task with a field of the kind rating or tally behind the last reply; a boundary event may end it.",
    ),
    "no-reason": (
        "没有说明理由就以“{outcome}”结束。走法：{path}",
        "It ends as “{outcome}” without a reason. The way: {path}",
        "在到达之前的最后一个任务的表单里要求填写 reason，或经由消息 withdraw。",
        "Require the field `reason` in the form of the last task before it, or come by the message withdraw.",
    ),
    # scenarios
    "scenario-fails": (
        "场景“{name}”没有按所写的那样结束：{what}",
        "The scenario “{name}” does not end as it says: {what}",
        "改正流程，或改正场景。",
        "Mend the process, or the scenario.",
    ),
}
