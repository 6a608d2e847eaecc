"""The fixed choices inside compound kinds, as widgets and exports name them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCALE: tuple[tuple[str, Promise], ...] = (
    ("satisfied", _("满意")),
    ("basic", _("基本满意")),
    ("dissatisfied", _("不满意")),
)
SETTLED: tuple[tuple[str, Promise], ...] = (("yes", _("已落实")), ("no", _("未落实")))
RESULT: tuple[tuple[str, Promise], ...] = (
    ("done", _("已解决")),
    ("doing", _("正在解决")),
    ("planned", _("列入计划")),
    ("noted", _("留作参考")),
)
PARTS: dict[str, dict[str, tuple[tuple[str, Promise], ...]]] = {
    "rating": {"result": SCALE, "attitude": SCALE, "settled": SETTLED},
    "contact": {
        "way": (
            ("phone", _("电话")),
            ("visit", _("上门")),
            ("meeting", _("座谈")),
            ("message", _("书面或短信")),
        ),
    },
    "reply": {"result": RESULT},
    "reply_draft": {"result": RESULT},
    "progress": {"done": (("yes", _("该节点已完成")),)},
    "review": {"decision": (("pass", _("同意")), ("return", _("退回修改")))},
    "issuing": {"decision": (("issue", _("签发")), ("return", _("退回修改")))},
    "delivery": {
        "way": (
            ("site", _("站内送达")),
            ("paper", _("纸质送达")),
            ("meeting", _("当面送达")),
        ),
    },
    "extension_ruling": {"decision": (("granted", _("同意延期")), ("refused", _("不同意延期")))},
    "second_look": {"decision": (("upheld", _("维持原处理")), ("reopened", _("改为受理，继续办理")))},
    "visit": {"agrees": (("yes", _("与填报一致")), ("no", _("与填报不一致")))},
    "transcription": {
        "way": (
            ("paper", _("纸质")),
            ("phone", _("电话")),
            ("visit", _("来访（当面说）")),
            ("file", _("文件导入")),
        ),
    },
    "ruling": {
        "decision": (
            ("upheld", _("异议成立，改派")),
            ("refused", _("异议不成立，继续办理")),
        ),
    },
}
