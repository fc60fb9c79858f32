"""What is put into answers: pieces of bytes, names of charsets, status lines, header lines, addresses, feeds."""

from __future__ import annotations

PIECES = [
    b"<", b">", b"</", b"<div>", b"</div>", b"<p>", b"<!--", b"-->", b"<!---->", b"<script>", b"</script>",
    b"</html>", b"</body>", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"&#0;", b"&#xd800;",
    b"&#27;[31m", b"&", b"<table>", b"<td colspan=99999999>", b"<tr>", b"<svg>", b"<math>", b"<template>", b"<title>",
    b"<h1>", b"<base href='http://['>", b"<meta charset=utf-16>", b"<meta charset=gbk>", b"<iframe src='x.pdf'>",
    b"<a href='?id=1'>", b"<img src='//['>", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<!ENTITY a '&a;&a;'>",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", "字".encode(), "字".encode("gb18030"), "字".encode("utf-16"), b"=", b'"', b"'",
    b"2031-13-45", b"\xd9\xa1\xd9\xa2", b"\xc2\xb2", b"\x1b[2J", b"\r\n\r\n",
]  # fmt: skip
CHARSETS = [
    "utf-8", "gbk", "gb2312", "gb18030", "big5", "big5-hkscs", "utf-16", "utf-16le", "utf-32", "utf-7", "latin-1", "shift_jis",
    "x-user-defined", "replacement", "hz-gb-2312", "iso-2022-jp", "rot13", "idna", "punycode", "zip", "hex", "undefined",
    "unicode_escape", "raw_unicode_escape", "mbcs", "", "'", "\0", "x" * 300, "utf-8\r\nX: 1", "ｕｔｆ-8", "none",
]  # fmt: skip
STATUS = [
    b"HTTP/1.1 200 OK", b"HTTP/1.1 404 Not Found", b"HTTP/1.1 301 Moved", b"HTTP/1.1 429 x", b"HTTP/1.1 304 x", b"HTTP/1.1 204 x",
    b"HTTP/1.1 503 " + b"x" * 70_000, b"HTTP/1.1 200", b"HTTP/1.1", b"HTTP/1.1 abc OK", b"HTTP/1.1 -1 OK", b"HTTP/1.1 99999999999999999999 OK",
    b"HTTP/9.9 200 OK", b"http/1.1 200 ok", b"ICY 200 OK", b"", b"\0", b"HTTP/1.1 \xef\xbc\x92\xef\xbc\x90\xef\xbc\x90 OK",
    b"HTTP/1.1 2\xc2\xb20 OK", b"HTTP/1.1 200 \xff\xfe\xed\xa0\xbd", b"GET / HTTP/1.1", b"HTTP/1.1  200  OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 1000 OK",
]  # fmt: skip
LINES = [
    b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: zstd", b"Content-Encoding: deflate", b"Content-Encoding: identity",
    b"Content-Encoding: " + b"gzip, " * 50, b"Content-Encoding: \xff", b"Content-Encoding:", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: xchunked", b"Content-Length: 0", b"Content-Length: -1",
    b"Content-Length: 99999999999999999999999", b"Content-Length: 1\r\nContent-Length: 2", b"Content-Length: \xc2\xb2",
    b"Content-Type: application/json", b"Content-Type: application/xml", b"Content-Type: text/html; charset=utf-16",
    b"Content-Type: image/png", b"Content-Type: application/pdf", b"Content-Type: ;;;=", b"Content-Type: text/html; charset=\"", b"Content-Type: \xff/\0",
    b"Location: http://[", b"Location: \xff\xfe", b"Location: " + b"a" * 70_000, b"Location: javascript:1", b"Location: //\xd0\xb0/",
    b"ETag: \xed\xa0\xbd", b"ETag: \0", b"Last-Modified: Fri, 99 Foo 99999 99:99:99 GMT", b"Last-Modified: \xff", b"Date: x",
    b"Retry-After: 1e400", b"X: " + b"y" * 70_000, b"no colon here", b": empty name", b" folded", b"\tfolded", b"Link: <>; rel=canonical",
    b"Set-Cookie: " + b"a=b; " * 2000, b"Content-Disposition: attachment; filename*=utf-8''%ff", b"Content-Range: bytes 0-1/2",
]  # fmt: skip
ADDRESSES = [
    "http://[", "http://[::1", "http://a:b:c/", "//", "///", "http://", "https://\u3002/", "http://x:99999/", "http://x:-1/", "http://x:²/", "?", "#", "\\\\x\\y",
    "http://%zz/", "http://\x00/", "http://a\ud800.cn/".encode("utf-8", "surrogatepass").decode("latin-1"), "javascript:void(0)", "data:,", "tel:1",
    "http://" + "a." * 3000 + "cn/", "/" + "../" * 3000, "x" * 70_000, "http://xn--a/", "http://ab\u200bc.cn", "mailto:x", "file:///etc/passwd", "&#xd800;", "http://user:pw@h/",
    "https://www.thepaper.cn/newsDetail_forward_" + "9" * 5000, "https://www.thepaper.cn/newsDetail_forward_²", "https://mp.weixin.qq.com/s?__biz=%00&mid=x",
]  # fmt: skip
FEEDS = {
    "rss": """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>云溪</title>
<item><title>停水通知</title><link>http://www.yunxi.gov.cn/xw/202003/t20200301_1.html</link><pubDate>Sun, 01 Mar 2020 09:30:00 +0800</pubDate></item>
<item><title>复工通知</title><link>http://www.yunxi.gov.cn/xw/202003/t20200302_2.html?a=1&amp;b=2</link><pubDate>2020-03-02</pubDate></item></channel></rss>""",
    "atom": """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>云溪</title>
<entry><title>停水通知</title><link href="http://www.yunxi.gov.cn/xw/202003/t20200301_1.html"/><updated>2020-03-01T09:30:00+08:00</updated></entry></feed>""",
    "sitemap": """<?xml version="1.0" encoding="UTF-8"?><!-- made --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>http://www.yunxi.gov.cn/xw/202003/t20200301_1.html</loc><lastmod>2020-03-01</lastmod></url></urlset>""",
    "sitemapindex": """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://www.yunxi.gov.cn/sitemap1.xml.gz</loc></sitemap></sitemapindex>""",
}
PROLOGS = [
    "<!---->" * 60,
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "<!DOCTYPE " + "x " * 500,
    "<?x " * 300,
    '<?xml version="1.1" encoding="utf-16"?>',
    "\ufeff\ufeff",
    "<!-- " + "-" * 3000,
]
