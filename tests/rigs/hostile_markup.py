"""Texts that would be markup, script, a link or another address where something is put into a page without care."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

ALERT = "document.title='PWNED'"
HOSTILE = [
    f"<script>{ALERT}</script>",
    f"</title><script>{ALERT}</script>",
    f"</textarea><script>{ALERT}</script>",
    f"</style><script>{ALERT}</script>",
    f"--><script>{ALERT}</script><!--",
    f"]]><script>{ALERT}</script>",
    f"<ScRiPt>{ALERT}</sCrIpT>",
    f"<scr\0ipt>{ALERT}</scr\0ipt>",
    f"<script/src=data:,{ALERT}>",
    f"<<script>{ALERT}//<</script>",
    f"<img src=x onerror={ALERT}>",
    f'"><img src=x onerror={ALERT}>',
    f"'><img src=x onerror={ALERT}>",
    f'" onmouseover="{ALERT}',
    f"' onfocus='{ALERT}' autofocus='",
    f'" autofocus onfocus={ALERT} x="',
    f"` onerror={ALERT} `",
    f"<svg onload={ALERT}>",
    f"<svg><script>{ALERT}</script></svg>",
    f"<svg><animate onbegin={ALERT} attributeName=x>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={ALERT}>",
    f"<iframe src=javascript:{ALERT}>",
    f'<iframe srcdoc="<script>{ALERT}</script>">',
    f"<object data=javascript:{ALERT}>",
    f"<embed src=javascript:{ALERT}>",
    f"<a href=javascript:{ALERT}>x</a>",
    f"<form action=javascript:{ALERT}><button>x</button></form>",
    f"<button formaction=javascript:{ALERT}>x</button>",
    f"<body onload={ALERT}>",
    f"<details open ontoggle={ALERT}>",
    f"<video><source onerror={ALERT}></video>",
    f"<marquee onstart={ALERT}>",
    '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
    '<base href="http://evil.example/">',
    '<link rel="stylesheet" href="http://evil.example/x.css">',
    '<style>@import "http://evil.example/x.css"</style>',
    '<img src="http://evil.example/beacon.png">',
    '<input type="image" src="http://evil.example/x.png">',
    '<p style="background:url(http://evil.example/x.png)">',
    f"javascript:{ALERT}",
    f"JaVaScRiPt:{ALERT}",
    f"java\nscript:{ALERT}",
    f"\x01javascript:{ALERT}",
    f"data:text/html,<script>{ALERT}</script>",
    f"vbscript:{ALERT}",
    "//evil.example/x",
    "\\\\evil.example\\x",
    f"[x](javascript:{ALERT})",
    f"[x](data:text/html;base64,PHNjcmlwdD4= '{ALERT}')",
    "![x](http://evil.example/beacon.png)",
    "![x](javascript:1)",
    f"<javascript:{ALERT}>",
    "[x]: http://evil.example/ 'y'\n[x]",
    f"```html\n<script>{ALERT}</script>\n```",
    f"    <script>{ALERT}</script>",
    "{{ 7 * 7 }}{% raw %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{0.__class__}{count}%s%(x)s",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\u202e<gnp.tpircs>\u202c",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\ufdd0<b>\ufdd1",
    "【</mark><script>】",
    "\r\nSet-Cookie: x=1\r\n\r\n<script>",
    '../../etc/passwd"; filename="x.html',
    "a.html\r\nContent-Type: text/html",
    "\ud83d",
]
"""Of several kinds: elements, ends of elements, attributes, addresses, Markdown, templates, entities, headers, controls."""


def few_first(inputs: Iterable[Any], number: int = 6) -> list[Any]:
    """The inputs of a large family of tests, of which all but the first are slow."""
    return [
        each if place < number else pytest.param(each, marks=pytest.mark.slow)
        for place, each in enumerate(inputs)
    ]
