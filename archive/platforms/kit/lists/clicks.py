"""What a click on a link, a button or a number asks for: an address, a form of ASP.NET that posts
itself back, a form with the number of the page."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lxml.html import HtmlElement

from archive.page.page import Page
from archive.platform import Ask
from archive.platforms.kit.lists.script_addresses import address_behind, calls, function_body

SET_BY_NAME = re.compile(
    r"(?:\.|getElementById\(['\"]|\(['\"]#|\[name=['\"]?)([A-Za-z_]\w{0,60})['\"]?\]?(?:['\"]?\))?"
    r"\.(?:value\s*=\s*|val\(\s*)(\w{1,40})"
)
SUBMITS = re.compile(r"\.submit\s*\(")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask_of(element: HtmlElement, page: Page) -> Ask | None:
    """The request that a click makes; None where it cannot be read from the page.

    Args:
        element: a link, a button, or an element with `onclick`.
        page: the page that it is on.
    """
    if address := address_behind(element, page):
        return Ask(url=address)
    code = f"{element.get('onclick') or ''};{(element.get('href') or '').partition(':')[2]}"
    form = _form_of(element, page)
    if form is None:
        return None
    for call in calls(code):
        if call.name == "__doPostBack" and len(call.values) == 2:
            target, argument = call.values
            return _submitted(form, page, {"__EVENTTARGET": target, "__EVENTARGUMENT": argument})
        if fields := _fields_set(call.name, call.values, page.text):
            return _submitted(form, page, fields)
    name = element.get("name")
    if element.tag in ("input", "button") and element.get("type") in ("submit", "image") and name:
        return _submitted(form, page, {name: element.get("value") or ""})
    return None


def _form_of(element: HtmlElement, page: Page) -> HtmlElement | None:
    around = next(element.iterancestors("form"), None)
    forms = [around] if around is not None else list(page.tree.iter("form"))
    return forms[0] if len(forms) == 1 else None


def _fields_set(name: str, values: tuple[str, ...], text: str) -> dict[str, str] | None:
    """The fields that a function of the page sets before it submits the form."""
    names, body = function_body(name, text)
    if not SUBMITS.search(body):
        return None
    given = dict(zip(names, values, strict=False))
    return {
        match[1]: given[match[2]] for match in SET_BY_NAME.finditer(body) if match[2] in given
    } or None


def _submitted(form: HtmlElement, page: Page, changed: dict[str, str]) -> Ask:
    fields = {
        name: field.get("value") or ""
        for field in form.iter("input")
        if (name := field.get("name"))
        and (field.get("type") or "text").lower() in ("hidden", "text")
    }
    by_id = {field.get("id"): field.get("name") for field in form.iter("input") if field.get("id")}
    fields.update({by_id.get(name) or name: value for name, value in changed.items()})
    encoded = urlencode(fields, encoding=page.decoded.encoding, errors="xmlcharrefreplace")
    url = page.link(form.get("action") or page.url)
    if (form.get("method") or "get").lower() != "post":
        return Ask(url=f"{url.partition('?')[0]}?{encoded}")
    return Ask(url=url, method="POST", headers=FORM, body=encoded.encode("ascii"))
