"""An archive of three years whose articles have a past across them: edited, withdrawn, reinstated,
rechecked and moved in another year than they were captured in, with attachments."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from archive import Archive
from archive.cli.main import cli
from archive.lock import Lock
from tests.attachments import made
from tests.rigs.attached import Attached, Notice, crawl
from tests.rigs.history import ANSWERS, OTHERS, STORY, History, page
from tests.standin.web import Reply

YEAR = 365 * 24  # hours
NEWS = [
    replace(
        STORY,
        cont_id=5_710_000 + n,
        title=f"云溪县第{n}号通报",
        text=[f"这是第{n}条消息，说的是防汛。", "各乡镇要落实责任，保障群众安全。" * (n % 4 + 1)],
        published=STORY.published + timedelta(days=60 * n),
    )
    for n in range(18)
]
EDITED = replace(NEWS[3], text=[*NEWS[3].text, "后来又补充了一句关于疫情的话。"])
GONE = Reply(404, body=b"<html><body>404</body></html>")


def make(folder: Path) -> Path:
    """The archive, indexed; some of what happened in one year changes what is true of another's."""
    history = History(folder)
    year = [NEWS[n::3] for n in range(3)]
    history.run(0, "ok", walk=[STORY, *OTHERS], more=[*OTHERS, *year[0]])
    history.articles(24, [(story.cont_id, page(story)) for story in year[1][:2]])
    history.run(200, "ok", walk=[STORY, *OTHERS])
    # the next year: a revisit, an edit, a walk that does not meet an article of the last year
    history.run(YEAR, "edit", walk=[STORY, *OTHERS[1:]], more=[*year[1], EDITED])
    history.articles(
        YEAR + 24,
        [(OTHERS[0].cont_id, GONE), (NEWS[0].cont_id, GONE), (NEWS[1].cont_id, page(NEWS[1]))],
    )
    history.articles(
        YEAR + 48,
        [(OTHERS[0].cont_id, GONE), (NEWS[0].cont_id, GONE), (NEWS[4].cont_id, page(NEWS[4]))],
    )
    # and the one after it: a 410, one that is there again, one that moved
    moved = replace(NEWS[6], cont_id=5_720_000)
    history.articles(
        2 * YEAR,
        [
            (NEWS[0].cont_id, page(NEWS[0])),
            (NEWS[6].cont_id, Reply(410, body=b"gone")),
            (moved.cont_id, page(moved)),
            (STORY.cont_id, ANSWERS["tombstone"]),
            *((story.cont_id, page(story)) for story in year[2]),
        ],
    )
    history.articles(
        2 * YEAR + 20, [(STORY.cont_id, ANSWERS["tombstone"]), (NEWS[2].cont_id, page(NEWS[2]))]
    )
    files = [
        Attached(href="/zw/1.docx", label="附件1", data=made.words("抗旱物资清单，含水泵二十台。"))
    ]
    notices = [
        Notice(number=n, title=f"云溪县公告{n}", files=files if n == 2 else ()) for n in (1, 2)
    ]
    crawl(folder, notices, run=1)
    crawl(folder, [replace(notices[1], text="又加一段。"), Notice(number=3)], run=500)
    (folder / "accounts.csv").write_text(
        "platform,account_id,name,url\n"
        "thepaper,44871,云溪发布,https://www.thepaper.cn/user_44871\n",
        "utf-8",
    )
    with Archive(folder) as archive, Lock(folder):
        archive.index()
    return folder


def make_both(folder: Path) -> Path:
    """The archive, in `archive` of a folder, and in `collection` the same split by the program. Returns the folder."""
    make(folder / "archive")
    words = ["split", str(folder / "archive"), str(folder / "collection")]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    return folder
