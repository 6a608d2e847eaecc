"""The fixed choices inside compound kinds, as widgets and exports name them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCALE: tuple[tuple[str, Promise], ...] = (
    ("satisfied", _("满意")),
    ("basic", _("基本满意")),
    ("dissatisfied", _("不满意")),
)
PARTS: dict[str, dict[str, tuple[tuple[str, Promise], ...]]] = {
    "rating": {"result": SCALE, "attitude": SCALE},
    "contact": {
        "way": (
            ("phone", _("电话")),
            ("visit", _("上门")),
            ("meeting", _("座谈")),
            ("message", _("书面或短信")),
        ),
    },
    "reply": {
        "result": (
            ("done", _("已解决")),
            ("doing", _("正在解决")),
            ("planned", _("列入计划")),
            ("noted", _("留作参考")),
        ),
    },
    "ruling": {
        "decision": (
            ("upheld", _("异议成立，改派")),
            ("refused", _("异议不成立，继续办理")),
        ),
    },
}
