"""Pages that come in the place of an article with status 200: firewalls, and articles that speak of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.general import refusals
from archive.page.page import Page

ALIYUN = "<title>405</title><div class=message>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</div>"
FIREWALLS = {
    "Tencent": "<title>WAF拦截页面</title><div id=app></div><script>render()</script>",
    "Tencent, words": "<title>403</title><p>腾讯T-Sec Web应用防火墙(WAF)</p><p>很抱歉，您提交的请求可能对网站造成威胁</p>",
    "Tencent, file": '<title>提示</title><iframe src="https://waf-static.tencent.com/501page.html"></iframe>',
    "EdgeOne": "<title>Restricted</title><p>This request is restricted by Tencent Cloud EdgeOne.</p>",
    "Aliyun": ALIYUN,
    "Aliyun, English": "<p>Sorry, your request has been blocked as it may cause potential threats to the server's security.",
    "Baidu Yunjiasu": "<title>百度云加速</title><p>为保证您的正常访问</p>",
    "360": "<title>网站卫士</title><p>当前访问疑似黑客攻击</p>",
    "360, script": '<html><body><script src="/wzws-waf-cgi/lib.js"></script></body></html>',
    "Safedog": "<title>网站防火墙</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>",
    "Safedog, file": '<img src="http://404.safedog.cn/images/safedogsite/head.png">',
    "Chuangyu": "<title>403</title><p>创宇盾提示您：当前访问疑似黑客攻击，已被网站管理员设置为拦截</p>",
    "Jiasule": '<div class="notice-jiasule"><h1>403</h1></div>',
    "Huawei": "<title>访问被拦截</title><p>您的请求疑似攻击行为！</p>",
    "BIG-IP": "<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator.",
    "Anquanbao": '<img src="/aqb_cc/error/img/logo.png"><p>提示</p>',
    "SafeLine": "<title>Blocked</title><p>请求已被雷池 WAF 拦截</p><!-- event_id: 0123456789abcdef0123456789abcdef -->",
    "Yunsuo": '<img class="yunsuologo" src="/logo.png">',
    "Yundun": "<p>Blocked by YUNDUN Cloud WAF</p>",
    "Cloudflare": "<title>Attention Required! | Cloudflare</title><p>Sorry, you have been blocked</p>",
}
FIREWALLS["at length"] = (
    "<title>网站防火墙</title>" + "<p>如何解决：检查提交内容，联系网站管理员。" * 30
)
ARTICLES = {
    "an idiom": "<title>党员干部不越雷池一步</title><p>广大党员干部要守住底线，不越雷池一步，加强自我保护。</p>",
    "a lock": "<title>风云锁定胜局</title><p>比赛进行到最后一分钟，风云队锁定胜局。</p>",
    "an attack": "<title>情况通报</title><p>6月1日，我局网站疑似黑客攻击，警方已立案侦查。</p>",
    "a seizure": "<title>海关拦截走私</title><p>海关拦截一批走私货物，船只被当场扣留。</p>",
    "a purchase": "<title>采购公告</title><p>采购Web应用防火墙两台，预算20万元。</p>",
    "a threat": "<title>防汛提示</title><p>强降雨可能对居民造成安全威胁，请注意防范。</p>",
    "a firewall": f"<title>网站防火墙知识</title>{'<p>' + '访问网站时偶尔会看到这样的一页。' * 30}{ALIYUN}",
}
HIDDEN_ACCOUNTS = {
    "withdrawn": ["此账号已自主注销", "该公众号已被封禁", "该公众号已迁移", "该账号因违规已被屏蔽", "该用户已被系统停用", "本账号已经注销"],
    "not-found": ["该用户不存在", "此账号不存在", "该作者不存在，去首页看看"],
}  # fmt: skip
OF_ACCOUNTS = [
    "关于清理僵尸政务账号的通知",
    "我局政务新媒体账号已迁移至新平台，欢迎关注",
    "该账号由云溪县运营",
]


def page(html: str) -> Page:
    return Page(
        url="https://www.example.cn/1.html",
        body=f"<html><head></head><body>{html}</body></html>".encode(),
        status=200,
        content_type="text/html; charset=utf-8",
        captured_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", FIREWALLS)
def test_the_page_of_a_firewall_is_a_block(name: str) -> None:
    failure = refusals.dead(page(FIREWALLS[name]))

    assert failure and (failure.outcome, failure.reason) == ("blocked", "firewall")


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_that_sounds_like_a_firewall_is_none(name: str) -> None:
    read = page(ARTICLES[name])

    assert refusals.refused(read) is None and refusals.dead(read, read.text) is None


@pytest.mark.parametrize("outcome", HIDDEN_ACCOUNTS)
def test_an_article_in_whose_place_the_account_is_said_to_be_hidden_is_missing(
    outcome: str,
) -> None:
    for words in HIDDEN_ACCOUNTS[outcome]:
        notice = refusals.dead(page(f"<title>提示</title><p>{words}</p>"))
        assert notice is not None and notice.outcome == outcome, words


def test_an_article_about_accounts_is_one() -> None:
    for words in OF_ACCOUNTS:
        assert refusals.dead(page(f"<title>通知</title><p>{words}。</p>")) is None, words
