"""Documents made with libraries, each with a sentence of its own."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pptx
import xlwt
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

OFD = "http://www.ofdspec.org/2016"
FONT = "STSong-Light"


def pdf(pages: Sequence[str], password: str | None = None) -> bytes:
    """A PDF with a line on each page; a rectangle, as a scan has a picture, where it is empty."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(file, encrypt=lock)
    for line in pages:
        canvas.setFont(FONT, 12)
        if line:
            canvas.drawString(72, 720, line)
        else:
            canvas.rect(72, 72, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def words(paragraph: str, cells: Sequence[str] = ()) -> bytes:
    """A docx with a paragraph, and a table of one row."""
    document, file = docx.Document(), BytesIO()
    document.add_paragraph(paragraph)
    if cells:
        row = document.add_table(1, len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(file)
    return file.getvalue()


def sheets(named: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx."""
    book, file = openpyxl.Workbook(), BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(file)
    return file.getvalue()


def old_sheets(named: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An xls."""
    book, file = xlwt.Workbook(), BytesIO()
    for name, rows in named.items():
        sheet = book.add_sheet(name)
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                sheet.write(y, x, value)
    book.save(file)
    return file.getvalue()


def slow_words() -> bytes:
    """A docx of a few kilobytes with a million paragraphs, which takes many seconds."""
    with ZipFile(BytesIO(words("此处"))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = members["word/document.xml"]
    members["word/document.xml"] = document.replace(b"<w:p>", b"<w:p/>" * 1_000_000 + b"<w:p>")
    return packed(members)


def far_cell() -> bytes:
    """An xlsx of a few kilobytes whose two cells span 60 million, more than a gigabyte."""
    book, file = openpyxl.Workbook(), BytesIO()
    sheet = book.create_sheet("表")
    sheet["A1"] = sheet["BH1048576"] = "字"
    book.save(file)
    return file.getvalue()


def slides(texts: Sequence[str]) -> bytes:
    """A pptx with a text box on each slide."""
    show, file = pptx.Presentation(), BytesIO()
    for text in texts:
        slide = show.slides.add_slide(show.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, 100, 100).text_frame.text = text
    show.save(file)
    return file.getvalue()


def table(rows: Sequence[Sequence[str]], charset: str) -> bytes:
    """A CSV."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(charset)


def ofd(pages: Sequence[str]) -> bytes:
    """An OFD, its text cut in two objects of one height a page."""
    names = "".join(f'<o:Page BaseLoc="Pages/{n}.xml"/>' for n in range(len(pages)))
    members = {
        "OFD.xml": "<o:DocBody><o:DocRoot>Doc_0/Document.xml</o:DocRoot></o:DocBody>",
        "Doc_0/Document.xml": f"<o:Pages>{names}</o:Pages>",
    }
    for number, text in enumerate(pages):
        members[f"Doc_0/Pages/{number}.xml"] = "".join(
            f'<o:TextObject Boundary="10 20 80 5"><o:TextCode>{part}</o:TextCode></o:TextObject>'
            for part in (text[:5], text[5:])
        )
    rooted = {name: f'<o:R xmlns:o="{OFD}">{xml}</o:R>' for name, xml in members.items()}
    return packed({name: xml.encode() for name, xml in rooted.items()})


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP file with names in UTF-8."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def named_in_gbk(names: Sequence[str]) -> bytes:
    """A ZIP file as Chinese Windows writes it: names in GBK, which it does not say.

    Names of the same length in ASCII are written and then replaced, in both tables.
    """
    written = [name.encode("gbk") for name in names]
    stand_ins = [str(n).rjust(len(name), "x") for n, name in enumerate(written)]
    data = packed(dict.fromkeys(stand_ins, b"1"))
    for stand_in, name in zip(stand_ins, written, strict=True):
        data = data.replace(stand_in.encode(), name)
    return data


def bomb(member: str, size: int) -> bytes:
    """A ZIP file of a few kilobytes with a member of so many bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive, archive.open(member, "w") as unpacked:
        for _ in range(size // 2**20):
            unpacked.write(bytes(2**20))
    return file.getvalue()


def repacked(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A ZIP file with one member changed."""
    with ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return packed({**members, member: change(members[member])})
