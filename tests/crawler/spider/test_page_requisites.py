"""What a page and its stylesheets name is read by the rules of CSS, however awkwardly it is written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.page.page import Page
from crawler.spider import page_requisites
from crawler.spider.page_requisites import of_page, of_stylesheet

BASE = "https://s.example/css/x.css"
# A stylesheet, and the addresses that it names below https://s.example/css/.
NAMED = {
    "@import 'a.css' screen;": ["a.css"],
    '@import url("a.css") layer(x) supports(display: grid) print;': ["a.css"],
    "@IMPORT URL(a.css);@import\n\"b.css\"": ["a.css", "b.css"],
    '@charset "utf-8";@import "a.css";': ["a.css"],
    "\ufeff@import 'a.css';": ["a.css"],
    "a{b:url(c.png)} a{b:url( 'c(1).png' )} a{b:url(\"d').png\")}": ["c.png", "c(1).png", "d').png"],
    "a{b:url(c\\).png)} a{b:\\75RL(d.png)} a{b:url('\\65 .png')}": ["c).png", "d.png", "e.png"],
    "a{b:url('c\\\n.png')}": ["c.png"],
    "a{b:image-set('c.png' 1x, url(d.png) 2x, \"e.avif\" type(\"image/avif\"))}": ["c.png", "d.png", "e.avif"],
    "a{b:-webkit-image-set(url(c.png) 1x)}": ["c.png"],
    "@media print{a{b:url(c.png)}} @font-face{src:local('x'),url(f.woff2) format('woff2')}": ["c.png", "f.woff2"],
    "a{b:var(--x, url(c.png)) url(d.png)}": ["c.png", "d.png"],
    "/* url(c.png) @import 'a.css'; */ a{content:'url(c.png)'}": [],
    "a[href='c.png']{content:\"@import 'a.css'\"} @import-x 'a.css';": [],
    "@namespace svg url(http://www.w3.org/2000/svg);a{b:url(c.png)}": ["c.png"],
    "a{b:url(#filter)} a{b:url(data:image/png;base64,AA)} a{b:url()} a{b:url('')}": [],
    "a{b:url(c.svg#icon)}": ["c.svg"],
    # broken, and read as browsers do
    "a{b:url(c.png": ["c.png"],
    "@import 'a.css": ["a.css"],
    "a{b:url(c d.png)} e{f:url(g.png)}": ["g.png"],
    "a{b:url('c\n.png')} e{f:url(g.png)}": [],  # the second quotation mark opens a string
    "a{b:url(c 'd.png')} e{f:url(image-set 'g.png')}": [],
    "}}} a{b:url(c.png)} /* open": ["c.png"],
    "@import 'a.css' {} a{content:'c.png'} 'd.png'": ["a.css"],
}  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_addresses_in_a_stylesheet(text: str) -> None:
    assert list(of_stylesheet(text, BASE)) == [
        f"https://s.example/css/{name}" for name in NAMED[text]
    ]


def test_addresses_are_those_of_the_web() -> None:
    text = "a{b:url(//i.example/j.png?k#l)} a{b:url(file:///etc/passwd)} a{b:url('http://[x/')} a{b:url(ftp://i.example/)}"

    assert list(of_stylesheet(text, BASE)) == ["https://i.example/j.png?k"]


@given(st.text(alphabet="a@{}()[]'\"\\/*;:\n #url(import-\x00中", max_size=200))
def test_no_stylesheet_is_too_broken(text: str) -> None:
    for url in of_stylesheet(text, BASE):
        assert url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "number", ["9" * 5000, "-" + "9" * 5000, "9" * 5000 + "px", "1." + "9" * 5000]
)
def test_a_long_number_loses_no_address(number: str) -> None:
    text = f"a {{ width: {number}; background: url(b.png) }}"

    assert list(of_stylesheet(text, "https://a.example/")) == ["https://a.example/b.png"]


@pytest.mark.e2e  # takes long
@pytest.mark.parametrize("piece", ["(", "{", "url(", '"\n', "@", "/*", "a{b:url(", "\\"])
def test_a_hostile_stylesheet_costs_no_more_than_its_limit(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_requisites, "LONGEST_STYLESHEET", 2**16)
    begun = time.process_time()

    addresses = list(of_stylesheet(piece * 2**20, BASE))

    assert len(addresses) <= 1
    assert time.process_time() - begun < 5


def test_the_styles_of_a_page_share_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_requisites, "LONGEST_STYLESHEET", 100)
    styles = "".join(f"<style>a{{b:url({n}.png)}}{' ' * 50}</style>" for n in range(3))
    page = Page(url="https://s.example/a/", body=f"<html><head>{styles}</head></html>".encode())

    assert list(of_page(page)) == ["https://s.example/a/0.png", "https://s.example/a/1.png"]
