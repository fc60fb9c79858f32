"""How files are named: endings of documents in addresses and labels, addresses that download, and
types."""

from __future__ import annotations

import re

ENDINGS = r"(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|zip|rar|7z|csv|txt|rtf)"
EXTENSION = re.compile(rf"\.{ENDINGS}$", re.I)
DOWNLOAD = re.compile(
    r"(?:down(?:load|file|loadfile)?|attach(?:ment)?|showfile|getfile|openfile|readfile|fileview"
    r"|viewfile)\w*(?:\.(?:jsp|do|action|aspx?|ashx|php|htm))?/?$",
    re.I,
)
DOCUMENT = re.compile(rf"\.{ENDINGS}(?![\w.%-])", re.I)
# what an element says of what it leads to
OFFICE_TYPE = re.compile(
    r"application/(?:pdf|zip|msword|rtf|ofd|wps|vnd\.(?:ms-|openxmlformats|oasis)|x-(?:rar|zip|7z))",
    re.I,
)
LABEL = re.compile(rf"\.{ENDINGS}\s*+(?:[（(\[【][^)）\]】]{{0,20}}+[)）\]】]\s*+)?+$", re.I)
