"""Every finding's words, Chinese first. `{…}` is filled with what was found. A data table, so it is long."""

from __future__ import annotations

from huiyin.engine.errors import Finding


def finding(code: str, element: str, **found: object) -> Finding:
    """A finding of this code; `found` fills the gaps in its words."""
    zh, en, remedy_zh, remedy_en = (words.format(**found) for words in WORDS[code])
    return Finding(element or "", code, zh, en, remedy_zh, remedy_en)


def _unsupported(zh: str, en: str, remedy_zh: str, remedy_en: str) -> tuple[str, str, str, str]:
    return f"{zh}不受支持。", f"{en} is not supported.", remedy_zh, remedy_en


_BY_MESSAGE = (
    "期限由规则的时钟掌握：到期时发送消息，用可中断的消息边界事件接收。",
    "Deadlines are clocks of the rules: let the mark send a message to an interrupting boundary event.",
)
_USER_TASK = ("改用用户任务。", "Use a user task.")
_XOR_OR_PARALLEL = ("改用排他网关或并行网关。", "Use an exclusive or a parallel gateway.")
_EMBED = ("把步骤直接画进嵌入子流程。", "Draw the steps in an embedded sub-process.")
_BOUNDARY = (
    "改用任务或子流程上可中断的消息边界事件。",
    "Use an interrupting message boundary event on a task or sub-process.",
)
_OVER_IDS = (
    "改用并行多实例子流程，loopDataInputRef 指向编号列表，inputDataItem 给出名称。",
    "Use a parallel multi-instance sub-process: loopDataInputRef a list of ids, inputDataItem its item.",
)
_PERMITTED = (
    "只用事实名、文本、数字、比较、and/or/not 和列出的函数。",
    "Use names of facts, texts, numbers, comparisons, and/or/not and the listed functions only.",
)

# code: (中文, English, 改法, remedy)
WORDS: dict[str, tuple[str, str, str, str]] = {
    # the file
    "too-large": (
        "文件超过 {limit} 字节。",
        "The file has more than {limit} bytes.",
        "拆成几个较小的流程。",
        "Split it into smaller processes.",
    ),
    "not-xml": (
        "文件不是可读的 XML：{reason}",
        "The file is no readable XML: {reason}",
        "用设计器重新保存。",
        "Save it again from the designer.",
    ),
    "doctype": (
        "文件含有 DOCTYPE。",
        "The file has a DOCTYPE.",
        "删除 DOCTYPE 声明。",
        "Remove the DOCTYPE declaration.",
    ),
    "other-document": (
        "这不是所需类型的文件：{found}",
        "This is a document of another kind: {found}",
        "流程用 BPMN 2.0，决策表用 DMN 1.3。",
        "Processes are BPMN 2.0, decision tables DMN 1.3.",
    ),
    "schema": (
        "第 {line} 行不符合标准：{reason}",
        "Line {line} does not fit the standard: {reason}",
        "用设计器重新保存，或改正此处。",
        "Save it again from the designer, or correct this place.",
    ),
    "one-process": (
        "文件含有 {count} 个流程。",
        "The file holds {count} processes.",
        "每个文件恰好一个流程。",
        "Keep exactly one process per file.",
    ),
    "not-executable": (
        "流程标记为不可执行。",
        "The process is marked as not executable.",
        "设置 isExecutable=true。",
        "Set isExecutable to true.",
    ),
    "too-many-nodes": (
        "流程有 {count} 个节点，多于 {limit} 个。",
        "The process has {count} nodes, more than {limit}.",
        "拆成几个较小的流程。",
        "Split it into smaller processes.",
    ),
    "several-pools": (
        "图中有多个泳池或消息流。",
        "The drawing has several pools or message flows.",
        "只保留一个泳池；角色用泳道表示。",
        "Keep one pool; show roles as lanes.",
    ),
    "reserved-id": (
        "编号 {id} 由引擎占用。",
        "The id {id} is taken by the engine.",
        "换一个编号，例如加上前缀。",
        "Give it another id, for instance with a prefix.",
    ),
    "id-lost": (
        "引擎读到的流程里没有 {id}，或其类型不同。",
        "The engine's reading of the process lacks {id}, or holds it as something else.",
        "删除并重画此元素；若仍出现，请报告。",
        "Delete the element and draw it again; report it if this stays.",
    ),
    "unreadable": (
        "引擎读不了这张图：{reason}",
        "The engine cannot read this diagram: {reason}",
        "改正所指之处；若看不出问题，请报告。",
        "Correct the place it names; report it if you see nothing wrong.",
    ),
    "check-too-slow": (
        "检查超过 {seconds} 秒，已停止。",
        "The check took more than {seconds} s and was stopped.",
        "拆成几个较小的流程。",
        "Split it into smaller processes.",
    ),
    "check-died": (
        "检查此文件的进程没有做完：{reason}",
        "The process that checked this file did not finish: {reason}",
        "再试一次；若仍出现，用设计器重新保存或拆小，并报告。",
        "Try again; if this stays, save it again from the designer or split it, and report it.",
    ),
    # elements outside the subset
    "inclusive-gateway": _unsupported("包容网关", "An inclusive gateway", *_XOR_OR_PARALLEL),
    "complex-gateway": _unsupported("复杂网关", "A complex gateway", *_XOR_OR_PARALLEL),
    "event-gateway": _unsupported("事件网关", "An event-based gateway", *_BOUNDARY),
    "manual-task": _unsupported("手工任务", "A manual task", *_USER_TASK),
    "plain-task": _unsupported("无类型任务", "A task without a type", *_USER_TASK),
    "send-receive-task": _unsupported("发送或接收任务", "A send or receive task", *_BOUNDARY),
    "call-activity": _unsupported("全局任务", "A global task", *_USER_TASK),
    "call-unknown": (
        "被调用的流程 {name} 不存在。",
        "The called process {name} does not exist.",
        "在 bpmn/{name}/ 下添加它，或改正 calledElement。",
        "Add it under bpmn/{name}/, or correct calledElement.",
    ),
    "call-recursive": (
        "流程 {name} 直接或间接调用了自己。",
        "The process {name} calls itself, directly or through others.",
        "去掉这个调用，用回退的顺序流表示重复。",
        "Remove the call; draw a flow that leads back instead.",
    ),
    "call-plain": (
        "调用活动带有不支持的内容：{found}",
        "The call activity carries what is not supported: {found}",
        "只写编号、名称、calledElement 和属性；重复执行的，放进多实例子流程。",
        "Give it id, name, calledElement and properties only; put it inside a multi-instance sub-process to repeat it.",
    ),
    "call-id-twice": (
        "调用展开后编号 {id} 出现两次。",
        "With the called processes drawn in, the id {id} stands twice.",
        "一张图只调用同一流程一次，且各图的编号不重复。",
        "Call a process once in a diagram, and keep ids apart between diagrams.",
    ),
    "transaction": _unsupported("事务子流程", "A transaction", *_EMBED),
    "ad-hoc": _unsupported("随意子流程", "An ad-hoc sub-process", *_EMBED),
    "event-subprocess": _unsupported("事件子流程", "An event sub-process", *_BOUNDARY),
    "timer": _unsupported("定时器", "A timer", *_BY_MESSAGE),
    "signal": _unsupported("信号事件", "A signal event", *_BOUNDARY),
    "error-event": _unsupported("错误事件", "An error event", *_BOUNDARY),
    "escalation": _unsupported("升级事件", "An escalation event", *_BY_MESSAGE),
    "link": _unsupported("链接事件", "A link event", "直接画顺序流。", "Draw the sequence flow itself."),
    "compensation": _unsupported(
        "补偿",
        "Compensation",
        "把撤销步骤画成普通任务。",
        "Draw the steps that undo as ordinary tasks.",
    ),
    "conditional-event": _unsupported("条件事件", "A conditional event", *_XOR_OR_PARALLEL),
    "cancel-event": _unsupported("取消事件", "A cancel event", *_BOUNDARY),
    "message-elsewhere": (
        "消息只能由边界事件接收。",
        "A message is caught by a boundary event only.",
        *_BOUNDARY,
    ),
    "several-events": (
        "一个事件有多个定义。",
        "An event has several definitions.",
        "每个事件只留一个定义。",
        "Keep one definition per event.",
    ),
    "intermediate-catch": _unsupported("中间捕获事件", "An intermediate catch event", *_BOUNDARY),
    "non-interrupting": (
        "不中断的边界事件只触发一次，第二条消息会无声丢失。",
        "A non-interrupting boundary event fires once; a second message would vanish.",
        "改为可中断；提醒和督办由规则的时钟掌握。",
        "Make it interrupting; reminders are clocks of the rules.",
    ),
    "standard-loop": _unsupported(
        "循环标记",
        "A loop marker",
        "用排他网关画出回路。",
        "Draw the way back with an exclusive gateway.",
    ),
    "sequential-loop": _unsupported("顺序多实例", "A sequential multi-instance", *_OVER_IDS),
    "loop-host": (
        "多实例只能用于子流程。",
        "Only a sub-process may be multi-instance.",
        "把任务放进子流程，再把子流程设为多实例。",
        "Put the task into a sub-process and make that multi-instance.",
    ),
    "loop-data": (
        "多实例需要 loopDataInputRef 和 inputDataItem，不能有别的内容；现有：{found}",
        "A multi-instance needs loopDataInputRef and inputDataItem and nothing else; found: {found}",
        *_OVER_IDS,
    ),
    "fact-name": (
        "{name} 不能作为事实的名称。",
        "{name} is no name for a routing fact.",
        "用字母、汉字、数字和下划线，不以下划线开头。",
        "Use letters, digits and underscores, not starting with an underscore.",
    ),
    "data-element": _unsupported(
        "数据对象和数据关联",
        "Data objects and associations",
        "答复在表单里；引擎只带路由事实。",
        "Answers live in forms; the engine carries routing facts only.",
    ),
    "unknown-element": (
        "此处不能有 {kind}。",
        "{kind} may not stand here.",
        "删除它。",
        "Remove it.",
    ),
    "unknown-attribute": (
        "属性 {name} 不受支持，引擎会忽略它。",
        "The attribute {name} is not supported; the engine would ignore it.",
        "删除该属性。",
        "Remove the attribute.",
    ),
    "unknown-extension": (
        "扩展 {kind} 不受支持。",
        "The extension {kind} is not supported.",
        "只用 spiffworkflow:properties，业务规则任务另可用 spiffworkflow:calledDecisionId。",
        "Use spiffworkflow:properties only, and spiffworkflow:calledDecisionId on a business rule task.",
    ),
    # flows
    "dangling-flow": (
        "顺序流的两端不在同一个流程或子流程里。",
        "The two ends of the flow are not in the same process or sub-process.",
        "在同一层里连接两个节点。",
        "Connect two nodes of the same level.",
    ),
    "flow-twice": (
        "{source} 和 {target} 之间有两条顺序流。",
        "There are two flows from {source} to {target}.",
        "只留一条，用 or 合并条件。",
        "Keep one and join the conditions with `or`.",
    ),
    "self-flow": (
        "顺序流回到它自己的起点。",
        "The flow leads back to where it starts.",
        "删除它，或经过一个任务绕回。",
        "Remove it, or lead it back through a task.",
    ),
    "condition-elsewhere": (
        "只有离开排他网关的顺序流可以有条件；这里的条件会被忽略。",
        "Only flows leaving an exclusive gateway have conditions; this one would be ignored.",
        "在任务之后加一个排他网关。",
        "Put an exclusive gateway behind the task.",
    ),
    "condition-missing": (
        "这条顺序流既无条件又不是默认流。",
        "This flow has no condition and is not the default.",
        "给它条件，或设为默认流。",
        "Give it a condition, or make it the default.",
    ),
    "condition-on-default": (
        "默认流上的条件会被忽略。",
        "The condition on a default flow would be ignored.",
        "删除条件。",
        "Remove the condition.",
    ),
    "condition-single": (
        "网关只有一条出路，条件不成立时流程会停住。",
        "The gateway has one way out; with a condition the process could stop there.",
        "删除条件，或加一条默认流。",
        "Remove the condition, or add a default flow.",
    ),
    "default-elsewhere": (
        "default 指向的不是离开这个网关的顺序流。",
        "`default` names no flow that leaves this gateway.",
        "在排他网关的出路中选择默认流。",
        "Choose the default among the gateway's own flows.",
    ),
    "many-outgoing": (
        "{kind} 有 {count} 条出路。",
        "{kind} has {count} ways out.",
        "并行用并行网关，选择用排他网关。",
        "Use a parallel gateway for all of them, an exclusive gateway for one.",
    ),
    "no-outgoing": (
        "流程在此中断：没有出路。",
        "The process stops here: there is no way out.",
        "连到下一步或结束事件。",
        "Connect it to the next step or to an end event.",
    ),
    "into-start": (
        "顺序流不能进入开始事件或边界事件。",
        "No flow may lead into a start or boundary event.",
        "连到开始事件之后的节点。",
        "Connect it to the node behind it.",
    ),
    "out-of-end": (
        "顺序流不能离开结束事件。",
        "No flow may leave an end event.",
        "删除它。",
        "Remove it.",
    ),
    "bad-expression": (
        "表达式「{text}」不被允许：{reason}",
        "The expression `{text}` is not permitted: {reason}",
        *_PERMITTED,
    ),
    "bad-script": (
        "脚本不被允许：{reason}",
        "The script is not permitted: {reason}",
        "只写「名称 = 表达式」，每行一条。",
        "Write lines `name = expression` only.",
    ),
    # nodes
    "one-start": (
        "这里有 {count} 个开始事件。",
        "There are {count} start events here.",
        "每个流程和子流程恰好一个开始事件。",
        "Draw exactly one start event per process and sub-process.",
    ),
    "no-end": (
        "没有结束事件。",
        "There is no end event.",
        "画出结束事件。",
        "Draw an end event.",
    ),
    "no-outcome": (
        "结束事件没有属性 outcome。",
        "The end event has no property `outcome`.",
        "在属性里写明结果，例如 answered。",
        "Name the outcome in its properties, for instance answered.",
    ),
    "missing-property": (
        "任务缺少属性 {name}。",
        "The task lacks the property `{name}`.",
        "补上该属性。",
        "Add the property.",
    ),
    "unknown-property": (
        "属性 {name} 不认识。",
        "The property `{name}` is not known here.",
        "允许的属性：{allowed}。",
        "Allowed properties: {allowed}.",
    ),
    "property-twice": (
        "属性 {name} 写了两次。",
        "The property `{name}` stands there twice.",
        "只留一个。",
        "Keep one.",
    ),
    "boundary-host": (
        "边界事件只能附在用户任务或子流程上。",
        "A boundary event may be attached to a user task or a sub-process only.",
        "把它移到用户任务或子流程上。",
        "Move it to a user task or a sub-process.",
    ),
    "no-message": (
        "边界事件没有指明消息，或消息没有名称。",
        "The boundary event names no message, or the message has no name.",
        "选择一个有名称的消息。",
        "Choose a message that has a name.",
    ),
    "message-name": (
        "消息名「{name}」不合规则。",
        "`{name}` is no name for a message.",
        "用字母、汉字、数字、点、横线和下划线，最多 100 个字。",
        "Use letters, digits, dots, dashes and underscores, at most 100.",
    ),
    "message-twice": (
        "同一个任务或子流程有两个边界事件等待消息 {name}。",
        "Two boundary events of one task or sub-process wait for the message {name}.",
        "只留一个。",
        "Keep one.",
    ),
    "no-table": (
        "业务规则任务没有指明决策表。",
        "The business rule task names no decision table.",
        "在 spiffworkflow:calledDecisionId 里写决策编号。",
        "Name the decision in spiffworkflow:calledDecisionId.",
    ),
    "no-such-table": (
        "没有编号为 {table} 的决策表。",
        "There is no decision table {table}.",
        "加上该决策表，或改正编号。",
        "Add the table, or correct the id.",
    ),
    # the shape as a whole
    "unreachable": (
        "没有路通到这里。",
        "No way leads here.",
        "接上它，或删除它。",
        "Connect it, or remove it.",
    ),
    "two-tokens": (
        "两条并行的路会同时到达这里，后面的步骤会做两遍。走法：{path}",
        "Two parallel ways can be here at once; what follows would be done twice. The way: {path}",
        "并行的路先用并行网关汇合。",
        "Join parallel ways with a parallel gateway first.",
    ),
    "never-fires": (
        "流程可能停在这里：有一条进路不会有人到达。走法：{path}",
        "The process can get stuck here: one of the ways in may never be used. The way: {path}",
        "并行网关汇合的路必须由并行网关分开；选择的路用排他网关汇合。",
        "Join with a parallel gateway only what one has forked; merge choices with an exclusive gateway.",
    ),
    "no-way-to-end": (
        "从这里再也到不了结束。走法：{path}",
        "From here no way leads to an end. The way: {path}",
        "给回路一个出口。",
        "Give the loop a way out.",
    ),
    "dead-step": (
        "没有任何一种走法能经过这里，最多走到：{path}",
        "No way whatever passes here; the furthest one comes: {path}",
        "并行网关汇合的路必须由并行网关分开；不需要的步骤请删除。",
        "Join with a parallel gateway only what one has forked; remove steps that are not needed.",
    ),
    "rival-outcomes": (
        "并行的路会以不同结果结束，最后的结果取决于先后。走法：{path}",
        "Parallel ways end with different outcomes; which one counts would depend on their order. The way: {path}",
        "先汇合再结束，或让同时进行的路以同一结果结束。",
        "Join the ways before the end, or let ways that run at once end with the same outcome.",
    ),
    "endless-loop": (
        "这个回路既不经过任何人，也没有计数：{path}",
        "This loop passes nobody and nothing counts it: {path}",
        "让回路经过一个用户任务；或先用脚本设一个数，在回路里改变它，并由网关的条件读它。",
        "Lead it through a user task; or set a number by a script before it, change it in the loop, read it in a condition.",
    ),
    "too-entangled": (
        "太纠结，无法证明：超过 {limit} 种情形。请从「{name}」处拆开。",
        "Too entangled to prove: more than {limit} states. Split here: {name}.",
        "把并行的路放进子流程，或减少它们。",
        "Put the parallel ways into sub-processes, or use fewer.",
    ),
    # decision tables
    "one-table": (
        "文件必须恰好有一个决策，内容是决策表。",
        "The file must hold exactly one decision, which is a table.",
        "每个文件一个决策表。",
        "Keep one decision table per file.",
    ),
    "table-element": (
        "决策表里不能有 {kind}。",
        "{kind} may not stand in a decision table.",
        "删除它。",
        "Remove it.",
    ),
    "hit-policy": (
        "命中策略 {policy} 不受支持。",
        "The hit policy {policy} is not supported.",
        "用 UNIQUE 或 FIRST。",
        "Use UNIQUE or FIRST.",
    ),
    "table-too-large": (
        "决策表多于 {rows} 行或 {columns} 列。",
        "The table has more than {rows} rows or {columns} columns.",
        "拆成几个决策表。",
        "Split it into several tables.",
    ),
    "empty-table": (
        "决策表没有输入列或没有行。",
        "The table has no input column or no row.",
        "补上输入列和行。",
        "Add input columns and rows.",
    ),
    "output-name": (
        "输出列的名称「{name}」缺失、重复或不能作为事实的名称。",
        "The output name `{name}` is missing, doubled or no name for a routing fact.",
        "给每个输出列一个不同的名称。",
        "Give every output column a name of its own.",
    ),
    "bad-cell": (
        "单元格「{text}」不被允许：{reason}",
        "The cell `{text}` is not permitted: {reason}",
        "输入格用 -、字面值、逗号列表、比较、区间或 not(…)；输出格用一个字面值。",
        "Inputs: -, literals, comma lists, comparisons, ranges, not(…); outputs: one literal.",
    ),
    "row-length": (
        "这一行的格数与列数不符。",
        "The row has another number of cells than the table has columns.",
        "补齐或删除多余的格。",
        "Add or remove cells.",
    ),
}
