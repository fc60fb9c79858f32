"""The Paper's two page layouts around an article, with everything a reader sees around it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
# What a reader sees around an article, line by line: none of it may reach a text.
BEFORE = [
    "澎湃Logo", "下载客户端", "下载APP", "登录", "注册", "无障碍", "要闻", "深度", "直播", "视频", "更多", "回到旧版", "• +1", "+1",
]  # fmt: skip
AROUND = ["澎湃号·政务 >", "字号", "超大", "大", "标准", "小", "关注"]
AFTER = [
    "澎湃新闻报料：021-962866", "澎湃新闻报料:021-962866", "澎湃新闻报料：4009-20-4009", "澎湃新闻，未经授权不得转载",
    "澎湃新闻,未经授权不得转载", "(本文来自澎湃新闻，更多原创资讯请下载“澎湃新闻”APP)", "+1", "收藏", "我要举报", "我要反馈",
    "责任编辑：", "校对：", "图片编辑：", "评论(0)", "我要跟帖", "已输入0字", "发表", "查看更多", "相关推荐", "热门推荐", "热新闻",
    "一天", "三天", "一周", "热话题", "热评论", "新评论", "扫码下载澎湃新闻客户端", "澎湃新闻APP下载", "你有权知道更多", "特别声明",
    "本文为政务等机构在澎湃新闻上传并发布，仅代表该机构观点，不代表澎湃新闻的观点或立场，澎湃新闻仅提供信息发布平台。",
    "本文为澎湃号作者或机构在澎湃新闻上传并发布，仅代表该作者或机构观点，不代表澎湃新闻的观点或立场，澎湃新闻仅提供信息发布平台。申请澎湃号请用电脑访问http://renzheng.thepaper.cn。",
    "发送邮件至zhengwu@thepaper.cn申请加入澎湃政务号或媒体团", "新闻报料", "报料热线: 021-962866", "报料邮箱: news@thepaper.cn",
    "澎湃矩阵", "澎湃新闻微博", "澎湃新闻公众号", "澎湃新闻抖音号", "派生万物开放平台", "IP SHANGHAI", "SIXTH TONE",
    "沪ICP备14003370号", "沪公网安备31010602000299号", "互联网新闻信息服务许可证：31120170006", "互联网新闻信息服务许可证:31120170006",
    "增值电信业务经营许可证：沪B2-2017116", "增值电信业务经营许可证:沪B2-2017116", "© 2014-2024 上海东方报业有限公司",
    "© 2014-2026 上海东方报业有限公司", "关于澎湃", "在澎湃工作", "联系我们", "版权声明", "隐私政策", "澎湃广告", "友情链接",
    "澎湃新闻举报受理和处置办法", "严正声明", "反馈",
]  # fmt: skip
COMMENTS = ["网友甲", "网友甲说这是评论"]
WRAPPING = frozenset({*BEFORE, *AROUND, *AFTER, *COMMENTS})


@dataclass
class Story:
    """An article of the stand-in. `text` lines become paragraphs; `state` says how its address answers."""

    cont_id: int
    title: str
    text: list[str]
    account: str = "济南高新区"
    account_id: int = 44871
    published: datetime = datetime(2020, 2, 2, 20, 52, tzinfo=CHINA)
    source: str = "澎湃新闻·澎湃号·政务"
    layout: str = "next"  # next, dom (the same without its JSON), jsp
    kind: str = "text"  # text, video, live, special, outside
    state: str = "live"  # live, tombstone, missing, no-detail, empty
    pictures: list[str] = field(default_factory=list)
    link: str = ""

    @property
    def milliseconds(self) -> int:
        return int(self.published.timestamp() * 1000)

    @property
    def printed(self) -> str:
        return self.published.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

    def markup(self) -> str:
        """The body as the present layout holds it: pictures stand between the paragraphs."""
        pictures = "".join(
            f'<img class="ait_item_box img_default" data-src="{url}?x-oss-process=image/resize,w_600" src="data:image/gif;base64,R0lGOD" loading="lazy">'
            for url in self.pictures
        )
        return pictures + "".join(f"<p>{escape(line, quote=False)}</p>" for line in self.text)


def card(story: Story) -> dict[str, object]:
    """A listing card with the fields of real ones (seen October 2026)."""
    kinds = {"text": 0, "video": 9, "live": 8, "special": 0, "outside": 83}
    return {
        "contId": str(story.cont_id),
        "originalContId": story.cont_id,
        "link": story.link,
        "isOutForword": "1" if story.kind == "outside" else "0",
        "isOutForward": "1" if story.kind == "outside" else "0",
        "forwardType": {"video": "74", "outside": "36"}.get(story.kind, "0"),
        "mobForwardType": 2,
        "interactionNum": "",
        "praiseTimes": "54",
        "pic": "https://imgpai.thepaper.cn/newpai/image/cover.png",
        "smallPic": "https://imgpai.thepaper.cn/newpai/image/cover.png?x-oss-process=image/resize,w_332",
        "pubTime": "6小时前",
        "pubTimeNew": "6小时前",
        "pubTimeLong": story.milliseconds,
        "publishTime": story.published.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        "name": story.title,
        "contType": kinds[story.kind],
        "nodeId": 27392,
        "nodeInfo": {"nodeId": 27392, "name": "政务"},
        "authorInfo": {
            "userId": story.account_id,
            "sname": story.account,
            "userType": "4",
            "isAuth": "1",
        },
        "paywalled": False,
        "originalFlag": "2",
        "trackArticleType": "文章",
        "trackAuthor": "",
    }


def detail(story: Story) -> dict[str, object]:
    """`detailData` of the present layout."""
    content = {
        "contId": story.cont_id,
        "name": story.title,
        "summary": (story.text or [""])[0][:60],
        "content": "" if story.state == "empty" else story.markup(),
        "author": " ",
        "source": None,
        "pubTime": story.printed,
        "publishTime": story.milliseconds,
        "contType": 0,
        "trackAuthor": "",
        "nodeInfo": {"nodeId": 27392, "name": "政务"},
        "tags": "",
        "images": [],
    }
    if story.state == "no-detail":
        return {"contType": 0}
    if story.kind == "video":
        video = '<video class="cont_video" src="https://cloudvideo.thepaper.cn/v/1.mp4" data-duration="00:35"></video>'
        return {"contType": 9, "contentDetail": {**content, "contType": 9, "content": video}}
    if story.kind == "live":
        return {"contType": 8, "liveDetail": {**content, "contType": 8, "content": ""}}
    if story.kind == "special":
        special = {
            "name": story.title,
            "desc": "专题说明",
            "contId": story.cont_id,
            "pubTime": story.printed,
        }
        return {"specialDetail": {"specialInfo": special}}
    return {"contType": 0, "contentDetail": content}


def next_page(story: Story) -> bytes:
    """The present layout: what a reader sees, with hashed class names, and the same as JSON."""
    props = {
        "props": {"pageProps": {"contId": str(story.cont_id), "detailData": detail(story)}},
        "buildId": "683f9326",
    }
    shown = story.kind == "text" and story.state == "live"
    body = (
        f'<div class="index_cententWrapBox__cnlk4"><div class="index_cententWrap__Jv8jK">{story.markup()}</div></div>'
        if shown
        else ""
    )
    before, after = (
        _items(BEFORE),
        _items(AFTER) + _comments("index_author__nkMZt", "index_content__g237N"),
    )
    data = json.dumps(props, ensure_ascii=False)
    script = (
        ""
        if story.layout == "dom"
        else f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    )
    return f"""<!DOCTYPE html><html><head><meta charSet="utf-8"/><title>{escape(story.title)}_澎湃号·政务_澎湃新闻-The Paper</title></head>
<body><div id="__next"><header>{before}</header><div class="index_wrapbox__VFyXe"><div class="index_wrapper__L_zqV">
<h1 class="index_title__B8mhI">{escape(story.title)}</h1><div class="index_headerContent__sASF4"><div class="index_left__LfzyH">
<a href="/gov_{story.account_id}"><span class="index_name__ID4kk">{escape(story.account)}</span></a>
<div class="ant-space"><span class="ant-space-item"><span>{story.printed}</span></span><span>来源：{story.source}</span></div>
{_items(AROUND)}</div></div>{body}</div></div>{after}</div>
{script}</body></html>""".encode()


def jsp_page(story: Story) -> bytes:
    """The layout of 2014 to 2022: the title cut, the paragraphs apart by `<br>`, a second `news_txt` that is a widget."""
    title = story.title if len(story.title) <= 25 else story.title[:24] + "..."
    pictures = "".join(
        f'<div style="text-align:center;"><img src="{url}"></div>' for url in story.pictures
    )
    if story.state == "tombstone":
        return '<html><body><div class="newscontent"><p class="news_txt" style="padding:140px 0;text-align:center">此文章已下线</p></div></body></html>'.encode()
    lines = "<br>".join(escape(line, quote=False) for line in story.text)
    return f"""<html><head><meta charset="utf-8"></head><body>{_items(BEFORE)}<div class="newscontent">
<div class="news_path"><a href="channel_36079">澎湃号</a> &gt; <a href="gov_{story.account_id}">{story.account}</a></div>
<h1 class="news_title">{escape(title)}</h1><div class="news_about"><p></p><p>{story.printed}<span>来源：{story.source}</span></p>
<div class="font_size">{_items(AROUND)}</div></div>
<div class="news_paike_author clearfix"><a href="gov_{story.account_id}" target="_blank"><div class="name">{story.account}</div></a>
<div class="link" data-userid="{story.account_id}" data-type="2">关注</div></div>
<div class="news_txt" data-size="standard">{lines}<br>{pictures}</div><div class="go_to_topic"></div>
<div class="news_editor">责任编辑：张三 校对：李四<span>发送邮件至zhengwu@thepaper.cn申请加入澎湃政务号或媒体团</span></div>
<div class="disclaimer"><div class="disclaimer_title">特别声明</div>本文为政务等机构在澎湃新闻上传并发布，仅代表该机构观点。</div>
<div class="news_txt">更多精彩内容请下载客户端</div><div class="news_keyword">关键词 &gt;&gt; 疫情</div>
<input id="hidden_contid" type="hidden" value="{story.cont_id}"></div>{_comments("aqwright", "ansright_cont")}{_items(AFTER)}</body></html>""".encode()


def _items(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li><span>{escape(line)}</span></li>" for line in lines) + "</ul>"


def _comments(author: str, text: str) -> str:
    """Readers' words, never the account's."""
    return f'<div><h3 class="{author}"><a>{COMMENTS[0]}</a></h3><div class="{text}">{COMMENTS[1]}</div></div>'


def seed_story(text: Path, layout: str) -> Story:
    """The article that the project began from, taken out of the page as a reader sees it."""
    lines = [line.strip() for line in text.read_text("utf-8").splitlines() if line.strip()]
    title, start = lines[lines.index("• +1") + 1], lines.index("字号") + 1
    end = next(place for place, line in enumerate(lines) if line.startswith("原标题")) + 1
    published = datetime(2020, 2, 2, 20, 52, tzinfo=CHINA).astimezone(UTC)
    return Story(5701234, title, lines[start:end], published=published, layout=layout)
