"""The full-text index is compared completely with the articles: each term too many or too few is found, with its article."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.database import fulltext
from archive.database.schema import FULL_TEXT_OPTIONS
from archive.verification.fulltext import PARTS, varints
from archive.verification.structure import check_structure
from tests.rigs.history import played

STORY = "thepaper-5700001"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    played(folder, ["0h ok listed", "1d edit"])
    return folder / "archive.db"


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path))


def article(db: sqlite3.Connection) -> tuple[int, str, str, str]:
    """Key, id, and what the index has for the longest article."""
    pk, article_id = db.execute("SELECT pk, id FROM articles ORDER BY length(text) DESC").fetchone()
    return pk, article_id, *fulltext.document(fulltext.indexed(db, pk))


def replace(db: sqlite3.Connection, pk: int, old: tuple[str, str], new: tuple[str, str]) -> None:
    statement = (
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    )
    db.execute(statement, (pk, *old))
    db.execute("INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)", (pk, *new))


def lose_a_term_of_the_text(db: sqlite3.Connection) -> None:
    pk, _, title, text = article(db)
    replace(db, pk, (title, text), (title, text.rpartition(" ")[0]))


def lose_a_term_of_the_title(db: sqlite3.Connection) -> None:
    pk, _, title, text = article(db)
    words = [word for word in title.split() if not word.startswith("\ue000")]
    replace(db, pk, (title, text), (" ".join(words), text))


def hold_a_foreign_term(db: sqlite3.Connection) -> None:
    pk, _, title, text = article(db)
    replace(db, pk, (title, text), (title, text + " 外星人"))


def exchange_a_term(db: sqlite3.Connection) -> None:
    """As many terms as before, one of them another: what a flip in a page makes."""
    pk, _, title, text = article(db)
    replace(db, pk, (title, text), (title, text.rpartition(" ")[0] + " 外星人"))


def hold_no_filter_for_its_state(db: sqlite3.Connection) -> None:
    pk, _, title, text = article(db)
    state = fulltext.facet("status", fulltext.indexed(db, pk).status)
    replace(db, pk, (title, text), (title.replace(state, ""), text))


def change_the_article_alone(db: sqlite3.Connection) -> None:
    db.execute(
        "UPDATE articles SET text = replace(text, substr(text, 9, 1), '龘') WHERE pk = ?",
        (article(db)[0],),
    )


def hold_the_size_of_another(db: sqlite3.Connection) -> None:
    db.execute("UPDATE articles_fts_docsize SET sz = x'0203' WHERE id = ?", (article(db)[0],))


def hold_a_title_that_is_no_text(db: sqlite3.Connection) -> None:
    db.execute("UPDATE articles SET title = cast(title AS blob) WHERE pk = ?", (article(db)[0],))


OF_AN_ARTICLE: dict[Callable[[sqlite3.Connection], None], str] = {
    lose_a_term_of_the_text: "lacks a term",
    lose_a_term_of_the_title: "lacks",
    hold_a_foreign_term: "holds besides a term for it: '外星人'",
    exchange_a_term: "holds besides a term for it: '外星人'",
    hold_no_filter_for_its_state: "lacks a term for it: filter:",
    change_the_article_alone: "龘",
    hold_the_size_of_another: "counts its terms wrongly",
    hold_a_title_that_is_no_text: "title is no text",
}


@pytest.mark.parametrize("damage", OF_AN_ARTICLE, ids=lambda damage: damage.__name__)
def test_a_difference_names_the_article_and_the_term(
    damage: Callable[[sqlite3.Connection], None], copy: Path
) -> None:
    db = sqlite3.connect(copy)
    article_id = article(db)[1]
    damage(db)
    db.commit()
    db.close()

    findings = list(check_structure(copy))

    assert any(
        finding.record == f"articles {article_id}" and OF_AN_ARTICLE[damage] in finding.wrong
        for finding in findings
    ), list(map(str, findings))


def lead_to_another_page(db: sqlite3.Connection) -> None:
    """The tree that a search goes down, which a reading of all terms never touches."""
    segment, term = db.execute(
        "SELECT segid, term FROM articles_fts_idx ORDER BY pgno DESC"
    ).fetchone()
    db.execute(
        "UPDATE articles_fts_idx SET pgno = pgno + 2 WHERE segid = ? AND term = ?", (segment, term)
    )


def lose_a_page(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM articles_fts_data WHERE id = (SELECT max(id) FROM articles_fts_data)")


def hold_an_article_that_is_not_there(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO articles_fts (rowid, title, text) VALUES (99, '外星人', '外星人')")


def lose_an_article(db: sqlite3.Connection) -> None:
    pk, _, title, text = article(db)
    statement = (
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    )
    db.execute(statement, (pk, title, text))


def count_another_number(db: sqlite3.Connection) -> None:
    (block,) = db.execute("SELECT block FROM articles_fts_data WHERE id = 1").fetchone()
    db.execute(
        "UPDATE articles_fts_data SET block = ? WHERE id = 1", (bytes([block[0] + 1]) + block[1:],)
    )


OF_THE_INDEX: dict[Callable[[sqlite3.Connection], None], str] = {
    lead_to_another_page: "own check of it fails",
    lose_a_page: "articles_fts): it cannot be read",
    hold_an_article_that_is_not_there: "holds 1 article that is not in articles",
    lose_an_article: "lacks 1 article that is in articles",
    count_another_number: "counts",
}  # fmt: skip


@pytest.mark.parametrize("damage", OF_THE_INDEX, ids=lambda damage: damage.__name__)
def test_damage_of_the_index_itself_is_a_finding(
    damage: Callable[[sqlite3.Connection], None], copy: Path
) -> None:
    db = sqlite3.connect(copy)
    damage(db)
    db.commit()
    db.close()

    findings = list(map(str, check_structure(copy)))

    assert any(OF_THE_INDEX[damage] in finding for finding in findings), findings


def test_a_sound_index_has_no_finding_and_is_only_read(sound: Path) -> None:
    before = sound.read_bytes()

    assert list(check_structure(sound)) == []
    assert sound.read_bytes() == before


def test_many_damaged_articles_are_some_findings(copy: Path) -> None:
    """Memory and output stay small where all is wrong."""
    db = sqlite3.connect(copy)
    db.execute("UPDATE articles SET title = '另一个标题' || pk")
    columns = [
        row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] not in ("pk", "id")
    ]
    for number in range(30):
        db.execute(
            f"INSERT INTO articles (id, {', '.join(columns)}) SELECT id || '-{number}', {', '.join(columns)} FROM articles LIMIT 1"
        )
    for (pk,) in db.execute("SELECT pk FROM articles").fetchall():
        db.execute("INSERT INTO articles_fts (rowid, title, text) VALUES (?, '无', '无')", (pk,))
    db.commit()
    db.close()

    findings = list(check_structure(copy))

    assert 20 <= len(findings) <= 60
    assert any("more articles than these" in finding.wrong for finding in findings)


def test_a_letter_that_the_two_tokenizers_divide_otherwise_is_no_damage(copy: Path) -> None:
    """U+19C9 is a letter to Python and none to SQLite 3.40, so the index has other terms than Python counts."""
    db = sqlite3.connect(copy)
    pk, _, title, text = article(db)
    statement = (
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)"
    )
    db.execute(statement, (pk, title, text))
    db.execute("UPDATE articles SET text = text || 'a\u19c9b' WHERE pk = ?", (pk,))
    new = fulltext.document(fulltext.indexed(db, pk))
    db.execute("INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)", (pk, *new))
    db.commit()
    db.close()

    assert list(check_structure(copy)) == []


def test_numbers_of_variable_length_are_read_as_sqlite_writes_them() -> None:
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE t USING fts5 {FULL_TEXT_OPTIONS}")
    for length in (1, 127, 128, 16384):
        db.execute("DELETE FROM t_docsize")
        db.execute(
            "INSERT INTO t (rowid, title, text) VALUES (1, 'a', ?)", (" ".join("b" * length),)
        )
        assert varints(db.execute("SELECT sz FROM t_docsize").fetchone()[0]) == [1, length]
        db.execute("INSERT INTO t (t) VALUES ('delete-all')")
    assert {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == {
        "t", *(f"t_{part}" for part in PARTS)
    }  # fmt: skip
