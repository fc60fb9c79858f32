"""Everything that the project prints, and every text that it writes, goes through one door, or is named here with the reason why it need not.

The finder walks the syntax trees of both packages, so that a new place that prints fails here until it is thought about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.project.test_project import SOURCES

DOOR = "archive/cli/output.py"
PRINTERS = {
    "print", "input", "echo", "secho", "echo_via_pager", "prompt", "confirm", "progressbar", "style", "pprint", "print_exc",
    "print_exception", "print_stack", "print_tb", "warn", "warn_explicit", "showwarning", "displayhook", "excepthook",
}  # fmt: skip
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
LOGGING = {
    "Formatter", "StreamHandler", "FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "SysLogHandler",
    "basicConfig", "configure_logging", "lastResort",
}  # fmt: skip
WRITERS = {
    "writer",
    "DictWriter",
    "write_text",
    "write_completely",
    "write_asked",
    "to_csv",
    "to_html",
    "to_markdown",
}
WRITING = frozenset("wax+")

# Each place outside the door, and why nothing of others can do harm there.
NAMED = {
    ("zhengwen_plugins.py", "echo"): "runs in programs of others; says the name of an exception alone",
    ("archive/cli/progress.py", "progressbar"): "draws on a terminal alone; its label goes through for_terminal",
    ("archive/cli/progress.py", "stderr"): "asked whether it is a terminal, and given to the bar",
    ("archive/cli/table.py", "stdout"): "asked whether it is a terminal",
    ("crawler/cluster/worker_name.py", "write_completely"): "a name of letters, digits, dots and hyphens",
    ("crawler/progress.py", "stderr"): "asked whether it is a terminal",
    ("crawler/logs.py", "stderr"): "the screen of the log, whose formatter makes every record safe",
    ("crawler/logs.py", "StreamHandler"): "has the formatter that makes every record safe",
    ("crawler/logs.py", "RotatingFileHandler"): "has the formatter that makes every record safe",
    ("crawler/logs.py", "Formatter"): "the one that makes every record safe",
    ("crawler/logs.py", "configure_logging"): "makes Scrapy install no handler of its own",
    ("archive/search/hit_formats.py", "DictWriter"): "hits as CSV, cell by cell through for_spreadsheet",
    ("archive/cli/asked_files.py", "write_completely"): "what write_asked is given",
    ("archive/cli/plot.py", "writer"): "the table of a chart, cell by cell through for_spreadsheet",
    ("archive/cli/plot.py", "write_asked"): "a chart and its table",
    ("archive/cli/hit_file.py", "write_asked"): "a file that the reader asked for, in its format",
    ("archive/cli/news.py", "write_asked"): "news as Atom, HTML, JSON or text of terminals, each by its own rules",
    ("archive/cli/program.py", "stdout"): "given to nothing where nobody reads on",
    ("archive/accounts.py", "writer"): "accounts.csv, cell by cell through for_spreadsheet",
    ("archive/accounts.py", "write_completely"): "accounts.csv",
    ("archive/collection/description.py", "write_completely"): "collection.toml",
    ("archive/collection/sealing.py", "write_completely"): "the manifest of a sealed shard, JSON",
    ("archive/warc/stored.py", "write_completely"): "the marker of a WARC file that is on S3, JSON",
    ("archive/collection/rule.py", "Formatter"): "of strings, not of a log",
    ("archive/engine/crew.py", "write_completely"): "the probe of a rebuild, hexadecimal digits",
    ("archive/handover/formats.py", "writer"): "CSV of a package, cell by cell through for_spreadsheet",
    ("archive/handover/formats.py", "open w"): "CSV, and JSON Lines, which hold values as they are",
    ("archive/handover/staging.py", "write_text"): "the one writer of a package's text files, and its journal of JSON",
    ("archive/handover/staging.py", "open a"): "the journal, JSON Lines",
    ("archive/handover/wacz.py", "open w"): "the list of pages, JSON Lines",
    ("archive/cli/save_fixture.py", "write_text"): "JSON",
    ("archive/platforms/kit/scaffold.py", "write_text"): "a platform's own new file, from what the developer types",
    ("crawler/report.py", "write_completely"): "JSON",
    ("archive/warc/signing.py", "write_completely"): "a signature and a key",
}  # fmt: skip


def outputs(source: str) -> Iterator[str]:
    """What a source prints, logs or writes with, by name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) if name in STREAMS:
                yield name
            case ast.ImportFrom(module="sys", names=names):
                yield from (alias.name for alias in names if alias.name in STREAMS)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield from _calls(node, name)
            case ast.ClassDef(bases=bases):
                yield from (
                    ast.unparse(base).rpartition(".")[2] for base in bases if _is_logging(base)
                )
            case ast.Raise(exc=ast.Call(func=ast.Name(id="SystemExit"), args=[argument])):
                yield from _texts(argument, "SystemExit")


def _calls(call: ast.Call, name: str) -> Iterator[str]:
    if name in PRINTERS | LOGGING | WRITERS:
        yield name
    elif name == "exit" and call.args:
        yield from _texts(call.args[0], "exit")
    elif name == "write" and ast.unparse(call).startswith(("os.write(1,", "os.write(2,")):
        yield "os.write"
    elif name in ("open", "fdopen", "NamedTemporaryFile") and (mode := _mode(call, name)):
        yield f"{name} {mode}"


def _is_logging(base: ast.expr) -> bool:
    return ast.unparse(base).rpartition(".")[2] in LOGGING


def _texts(argument: ast.expr, name: str) -> Iterator[str]:
    """A program that ends with a text prints it."""
    if isinstance(argument, ast.JoinedStr) or (
        isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ):
        yield name


def _mode(call: ast.Call, name: str) -> str:
    """The mode of a file that is opened for writing."""
    first = (
        0
        if isinstance(call.func, ast.Attribute)
        and name == "open"
        and ast.unparse(call.func.value) not in ("io", "gzip")
        else 1
    )
    values = [
        *call.args[first:],
        *(keyword.value for keyword in call.keywords if keyword.arg == "mode"),
    ]
    modes = [
        value.value
        for value in values
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    return next(
        (mode for mode in modes if len(mode) <= 3 and WRITING & {*mode} and "b" not in mode), ""
    )


def test_nothing_prints_but_through_the_door() -> None:
    places = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in [*SOURCES, ROOT / "zhengwen_plugins.py"]
        for name in outputs(path.read_text("utf-8"))
    }
    others = {place for place in places if place[0] != DOOR}

    assert sorted(others - NAMED.keys()) == [], "print with archive.cli.output, or say here why not"
    assert sorted(NAMED.keys() - others) == [], "these are no longer there"


@pytest.mark.parametrize(
    "source",
    [
        "print(title)",
        "click.echo(title)",
        "click.secho(title, fg='red')",
        "from click import echo\necho(title)",
        "sys.stdout.write(title)",
        "sys.stderr.buffer.write(title)",
        "from sys import stdout\nstdout.write(title)",
        "sys.__stderr__.write(title)",
        "os.write(1, title)",
        "sys.exit(f'no {title}')",
        "raise SystemExit('no')",
        "traceback.print_exc()",
        "warnings.warn(title)",
        "logging.StreamHandler()",
        "logging.basicConfig()",
        "class Mine(logging.StreamHandler): pass",
        "logging.Formatter('%(message)s')",
        "csv.writer(file)",
        "csv.DictWriter(file, names)",
        "path.write_text(title)",
        "path.open('w')",
        "open(path, 'a')",
        "open(path, mode='x')",
        "path.open(mode='wt')",
        "os.fdopen(number, 'w')",
        "click.progressbar(length=3, label=title)",
        "click.prompt(title)",
    ],
)  # fmt: skip
def test_the_finder_finds(source: str) -> None:
    assert list(outputs(source))


@pytest.mark.parametrize(
    "source",
    [
        "path.open('rb')",
        "open(path)",
        "raise SystemExit(3)",
        "context.exit(1)",
        "path.open('r', encoding='utf-8')",
    ],
)
def test_the_finder_leaves_reading_alone(source: str) -> None:
    assert not list(outputs(source))
