"""The text of an article as markup: its paragraphs, headings, lists and tables, its links, and its
pictures from the WARC files. Nothing of a page comes through as markup of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from archive.database.rows import MediaRow
from archive.page.inline import with_titles
from archive.room.asked import Asked
from archive.search.expression import Expression
from archive.search.snippet import matches

LARGEST = 50_000  # characters of Markdown; a longer text is shown as plain paragraphs
WEB = ("http://", "https://")
NOT_OURS = ("code", "fence", "html_block", "html_inline", "reference")
MISSING = Markup('<span class="missing">{words}</span>')
PICTURE = Markup('<a href="{page}"><img src="{source}" alt="{name}" loading="lazy"></a>')


class Body:
    """Makes the markup of texts for one request.

    Args:
        asked: the request.
        files: those of the article.
        expression: whose words are marked; None: none are.
        missing: what is said in the place of a picture that was not captured.
        picture: the word for a picture that has no caption.
    """

    def __init__(
        self,
        asked: Asked,
        files: Iterable[MediaRow],
        expression: Expression | None,
        missing: str,
        picture: str,
    ) -> None:
        self.asked = asked
        self.captures = {file.url: file.capture for file in files if file.capture}
        self.expression = expression
        self.missing, self.picture = missing, picture

    def of_markdown(self, markdown: str) -> Markup:
        """The markup of a text in Markdown, as the archive stores it."""
        if len(markdown) > LARGEST:
            return self.of_text(markdown)
        parser = _parser()
        tokens = parser.parse(with_titles(markdown, self.captures))
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
            for child in token.children or ():
                self._settle(child)
        return Markup(_rendered(parser, tokens))

    def of_text(self, text: str) -> Markup:
        """The markup of a text of paragraphs."""
        lines = (line for line in text.splitlines() if line.strip())
        return Markup("").join(Markup("<p>{}</p>").format(self.marked(line)) for line in lines)

    def marked(self, text: str) -> Markup:
        """A text in which the words that were searched for are marked."""
        if self.expression is None:
            return escape(text)
        markup, place = Markup(""), 0
        for start, end in matches(text, self.expression):
            if start >= place:
                markup += escape(text[place:start])
                markup += Markup("<mark>{}</mark>").format(text[start:end])
                place = end
        return markup + escape(text[place:])

    def _settle(self, token: Token) -> None:
        settle: Mapping[str, Callable[[Token], None]] = {
            "text": self._text,
            "code_inline": self._text,
            "image": self._picture,
            "link_open": self._link,
        }
        if change := settle.get(token.type):
            change(token)

    def _text(self, token: Token) -> None:
        _replace(token, self.marked(token.content))

    def _picture(self, token: Token) -> None:
        capture, name = token.attrs.get("title"), token.content
        if not capture:
            words = ": ".join(filter(None, (self.missing, name)))
            _replace(token, MISSING.format(words=words))
            return
        page, source = self.asked.link("capture", str(capture)), self.file(str(capture))
        _replace(token, PICTURE.format(page=page, source=source, name=name or self.picture))

    def _link(self, token: Token) -> None:
        capture = token.attrs.pop("title", None)
        if capture:
            token.attrs = {"href": self.file(str(capture))}
        else:
            token.attrs["rel"] = "noopener noreferrer nofollow external"

    def file(self, capture: str) -> str:
        """The address of a captured file."""
        return self.asked.link("file", capture)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable([*NOT_OURS])
    parser.validateLink = lambda url: url.startswith(WEB)  # type: ignore[method-assign]
    return parser


def _rendered(parser: MarkdownIt, tokens: Sequence[Token]) -> str:
    renderer: Any = parser.renderer
    return str(renderer.render(tokens, parser.options, {}))


def _replace(token: Token, markup: Markup) -> None:
    token.type, token.tag, token.children = "html_inline", "", None
    token.attrs, token.content = {}, str(markup)
