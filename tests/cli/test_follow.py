"""`follow` takes addresses as people have them, and `accounts.csv` stays the operator's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive, accounts, platforms
from archive.cli.main import cli
from archive.errors import UsageError
from crawler.targets import resolve

A, B = "https://www.thepaper.cn/gov_44871", "https://www.thepaper.cn/gov_900"
HEAD = "platform,account_id,name,url"
OPML = f"""<?xml version="1.0" encoding="gb2312"?><opml version="2.0"><body><outline text="政务">
<outline text="甲" htmlUrl="{A}"/><outline text="乙" xmlUrl="{B}"/></outline></body></opml>"""


def follow(folder: Path, *sources: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), "follow", *sources], input=given)


def ids(folder: Path) -> list[str]:
    return [account.account_id for account in Archive(folder).accounts()]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"# 两个账号\n{A}\n\n  {B}  \n".encode()),
        ("a.txt", f"\ufeffwww.thepaper.cn/gov_44871\r\n{B}\r\n".encode()),
        ("a.csv", f"名称,网址\n济南高新区发布,{A}\n别的,{B}\n".encode("gb18030")),
        ("a.csv", f"名称;网址\n甲;{A}\n乙;{B}\n".encode()),
        ("a.tsv", f"{A}\t甲\n{B}\t乙\n".encode("utf-16")),
        ("a.opml", OPML.encode("gb2312")),
    ],
)
def test_a_list_of_addresses_is_followed(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)

    result = follow(tmp_path, str(tmp_path / name))

    assert result.output == "following thepaper 44871\nfollowing thepaper 900\n"
    assert ids(tmp_path) == ["44871", "900"]


def test_standard_input_and_addresses_without_a_scheme(tmp_path: Path) -> None:
    follow(tmp_path, "-", given=f"{A}\n".encode())
    result = follow(tmp_path, "www.thepaper.cn/gov_44871", "www.thepaper.cn/gov_900")

    assert result.output == "followed before: thepaper 44871\nfollowing thepaper 900\n"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "holds no address"),
        ("# 只有说明\n".encode(), "holds no address"),
        (f"{A}\nthepaper\n".encode(), "a.txt, line 2: 'thepaper' is not a URL"),
        (f"名称,网址\n甲,{A}\n乙,无\n".encode(), "line 3: "),
        (f"{A}\nhttps://www.nobody.example/x\n".encode(), "line 2: www.nobody.example belongs to"),
        (b"<opml><outline", "is no OPML that can be read"),
        (b"<html></html>", "holds no address"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_added(
    tmp_path: Path, data: bytes, complaint: str
) -> None:
    (tmp_path / "a.txt").write_bytes(data)

    result = follow(tmp_path, str(tmp_path / "a.txt"))

    assert result.exit_code == 2 and complaint in result.output
    assert not (tmp_path / "accounts.csv").exists()


def test_columns_and_cells_of_the_operator_stay(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"负责人,{HEAD},state\n张,thepaper,44871,,{A},Pause\n", "utf-8")
    known = platforms.load()

    accounts.follow(path, [B], known)
    accounts.learn_names(path, {("thepaper", "44871"): "=济南"}, known)

    assert path.read_text("utf-8-sig").splitlines() == [
        f"负责人,{HEAD},state,reason",
        f"张,thepaper,44871,'=济南,{A},Pause,",
        f",thepaper,900,,{B},,",
    ]
    assert accounts.read(path, known)[0].name == "=济南"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_spreadsheet_program_may_save_the_file(tmp_path: Path, delimiter: str) -> None:
    lines = [HEAD, f'thepaper,44871,"名,称",{A}']
    text = "\n".join(lines).replace('"名,称"', "名").replace(",", delimiter)
    (tmp_path / "accounts.csv").write_text(text, "utf-16")

    assert ids(tmp_path) == ["44871"]


def test_paused_and_ended_accounts_are_not_crawled_unless_named(tmp_path: Path) -> None:
    rows = [f"thepaper,44871,甲,{A},ended,账号注销", f"thepaper,900,乙,{B},,"]
    (tmp_path / "accounts.csv").write_text("\n".join([f"{HEAD},state,reason", *rows]), "utf-8")
    archive = Archive(tmp_path)

    assert resolve(archive, ())["thepaper"]["account"] == [B]
    assert resolve(archive, ("thepaper",))["thepaper"]["account"] == [B]
    assert resolve(archive, ("甲",))["thepaper"]["account"] == [A]
    result = CliRunner().invoke(cli, ["--archive", str(tmp_path), "status"])
    assert "ended (账号注销); last not crawled yet" in result.output and result.exit_code == 0


def test_an_unknown_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(f"{HEAD},state\nthepaper,44871,,{A},stop\n", "utf-8")

    with pytest.raises(UsageError, match="line 2: 'stop' is no state of an account; write follow"):
        Archive(tmp_path).accounts()
