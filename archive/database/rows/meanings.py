"""What columns mean that several tables have."""

from __future__ import annotations

from archive.model.meaning import Meaning, plain

ARTICLE_ID_FORM = "<platform>-<native id>"
ARTICLE_ID = plain("文章编号", "articles.id", ARTICLE_ID_FORM)
PLATFORM = plain("平台", "name of the platform in this program")
ACCOUNT_ID = plain("账号编号", "the platform's own id of the account; text, not a number")
KEY = plain("内部键", "key for the full-text index; it has no meaning outside this file")
PAYLOAD_DIGEST = plain("载荷摘要", "WARC-Payload-Digest", "sha1: and base32", null="not recorded")

# of an exchange
ASKED_URL = plain("网址", "address that was asked for")
LOCATED_PLATFORM = plain(
    "平台", "name of the platform in this program", null="the address is of no known platform"
)
ARTICLE_OF_EXCHANGE = plain(
    "文章编号", "articles.id", ARTICLE_ID_FORM, null="the exchange belongs to no article"
)
LISTING_ACCOUNT_ID = plain(
    "账号编号",
    "the platform's own id of the account whose listing led here; text, not a number",
    null="the crawl did not come from a listing",
)
RUN = plain("运行", "runs.id", null="captured by another program")
DETAIL = Meaning(
    "说明",
    "the same in a sentence, some of it the page's",
    null="nothing to say",
    sensitivity="printed",
)
WARC = plain("WARC 文件", "name of the WARC file with the record")
OFFSET = plain("偏移", "where the record's gzip member begins in that file", "bytes")
