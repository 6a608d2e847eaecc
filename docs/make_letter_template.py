"""
Make the shipped templates of the letter of reply and of the notice of a hand-over: reply.docx and handover.docx in
platform/huiyin/web/letters.

Run once; afterwards the files are edited in Word.

Margins and type follow 党政机关公文格式 (GB/T 9704): A4, 仿宋 16 pt, 28 pt lines.
"""

from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

LETTERS = Path(__file__).parents[1] / "platform/huiyin/web/letters"
FANGSONG, TITLE, HEI = "仿宋_GB2312", "方正小标宋简体", "黑体"
RED = RGBColor(0xC0, 0x00, 0x00)


def line(letter, text, *, font=FANGSONG, size=16, align=ALIGN.JUSTIFY, indent=0.0, bold=False, color=None):
    """Write a paragraph."""
    paragraph = letter.add_paragraph()
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_after, shape.space_before = Pt(28), Pt(0), Pt(0)
    shape.first_line_indent = Pt(size * indent)
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if color is not None:
        run.font.color.rgb = color
    return paragraph


def paper():
    """An empty page with its margins."""
    letter = docx.Document()
    page = letter.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = (
        Cm(3.7),
        Cm(3.5),
        Cm(2.8),
        Cm(2.6),
    )
    return letter


def reply():
    """Write the letter of reply."""
    letter = paper()
    line(letter, "类别：{{类别}}", font=HEI, align=ALIGN.RIGHT)
    line(
        letter, "{{单位}}", font=TITLE, size=26, align=ALIGN.CENTER, color=RED
    ).paragraph_format.line_spacing = Pt(44)
    line(letter, "{{文号}}", align=ALIGN.CENTER)
    line(letter, "")
    title = line(letter, "{{标题}}", font=TITLE, size=22, align=ALIGN.CENTER)
    title.paragraph_format.line_spacing = Pt(34)
    line(letter, "")
    line(letter, "{{称呼}}：")
    line(letter, "您提出的《{{事项}}》收悉。经研究，现答复如下：", indent=2)
    line(letter, "{{正文}}", indent=2)
    line(letter, "{{协办意见}}", indent=2)
    line(letter, "感谢您对我们工作的关心和支持。", indent=2)
    line(letter, "")
    line(letter, "（联系人：{{联系人}}　联系电话：{{联系电话}}）", indent=2)
    line(letter, "签发人：{{签发人}}", indent=2)
    line(letter, "")
    line(letter, "{{单位}}", align=ALIGN.RIGHT)
    line(letter, "{{日期}}", align=ALIGN.RIGHT)
    line(letter, "")
    line(letter, "抄送：{{抄送}}", size=14)
    form = line(letter, "{{征询表标题}}", font=TITLE, size=22, align=ALIGN.CENTER)
    form.paragraph_format.page_break_before = True
    line(letter, "{{征询表}}", align=ALIGN.LEFT)
    letter.save(LETTERS / "reply.docx")


def handover():
    """Write the notice of a hand-over."""
    letter = paper()
    title = line(letter, "代表建议交办通知", font=TITLE, size=22, align=ALIGN.CENTER)
    title.paragraph_format.line_spacing = Pt(34)
    line(letter, "")
    line(letter, "{{单位}}：")
    line(letter, "{{日期}}交办的代表建议中，下列{{件数}}件由你单位承办。", indent=2)
    line(letter, "{{清单}}", indent=2)
    line(letter, "请及时签收，加强与代表的沟通，在答复期限内逐条答复代表。", indent=2)
    line(letter, "对承办单位有异议的，请在规定期限内提出，逾期视为接受。", indent=2)
    line(letter, "")
    line(letter, "{{交办机关}}", align=ALIGN.RIGHT)
    line(letter, "{{日期}}", align=ALIGN.RIGHT)
    letter.save(LETTERS / "handover.docx")


if __name__ == "__main__":
    LETTERS.mkdir(exist_ok=True)
    reply()
    handover()
