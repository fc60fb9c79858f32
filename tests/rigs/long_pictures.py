"""Long pictures as offices publish them: a heading and paragraphs of made sentences, drawn in fonts
that Debian packages, so that what is printed on them is known to the character."""

from __future__ import annotations

import random
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = {  # by the Debian package: a file, and the number of the face in it
    "fonts-noto-cjk": (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    "fonts-wqy-zenhei": (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), 0),
    "fonts-arphic-uming": (Path("/usr/share/fonts/truetype/arphic/uming.ttc"), 0),
    "fonts-arphic-ukai": (Path("/usr/share/fonts/truetype/arphic/ukai.ttc"), 0),
}
SENTENCES = """
云溪市人民政府办公室关于做好汛期安全工作的通知
各县区、各部门要把防汛救灾放在首位，落实二十四小时值班制度。
三月十二日上午，全市春季植树活动在青石湖畔举行，八百多名干部群众参加。
今年一季度，全市地区生产总值达到1263.5亿元，同比增长6.2%。
凡符合条件的居民，可携带身份证到街道便民服务中心办理登记。
会议强调，要坚持问题导向，逐项核对台账，确保整改到位。
报名时间为2026年4月1日至4月30日，逾期不再受理。
水务集团将于周六夜间对北门泵站进行检修，届时部分小区水压降低。
请广大市民提前储水，错峰出行，由此带来的不便敬请谅解。
联系电话：0571-88023456，工作日上午九时至下午五时接听。
专家组认为，河道淤积是内涝频发的主要原因，建议尽快清理。
为方便老年人就医，社区医院开设绿色通道，免收挂号费用。
图书馆新馆共有藏书四十二万册，周一闭馆，其余时间免费开放。
市场监管局抽检了三百二十批次食品，合格率为99.1%。
学校要严格落实校园安全责任，定期检查消防、电梯与燃气设施。
农业技术员走进田间地头，指导农户科学施肥、防治病虫害。
申请人应当如实填写表格，并对所提供材料的真实性负责。
根据气象部门预测，未来三天仍有强降雨，局部可达暴雨级别。
公交十七路、二十三路临时改道，不停靠人民广场站和体育馆站。
对弄虚作假、骗取补贴的，一经查实，追回资金并依法处理。
新建的跨江大桥全长2.8公里，双向六车道，预计明年年底通车。
志愿者们清扫落叶、劝导停车，为古城增添了一份温暖。
疫苗接种点设在文化宫东侧，接种前请出示预约凭证。
垃圾分类督导员每天早晚值守，帮助居民养成良好习惯。
本办法自发布之日起施行，有效期五年，由住房和城乡建设局负责解释。
企业申报材料包括营业执照、项目方案、预算明细和承诺书。
夜市摊位采取抽签方式确定，结果在政务网站公示七天。
渔政执法人员查获违规渔具六十余件，放流鱼苗十二万尾。
考试成绩可在5月20日后登录系统查询，对结果有异议的可申请复核。
代表们围绕教育、医疗、养老等议题提出意见建议共计八十六条。
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is drawn: its text and its box in pixels (left, top, width, height)."""

    text: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LongPicture:
    """A picture with what is printed on it."""

    data: bytes
    lines: tuple[Line, ...]
    font: str
    size: tuple[int, int]

    @property
    def text(self) -> str:
        """What is printed, without line ends."""
        return "".join(line.text for line in self.lines)


def draw(
    font: str, *, width: int, height: int, seed: int = 0, points: int = 30, kind: str = "PNG"
) -> LongPicture:
    """A picture full of sentences.

    Args:
        font: a key of `FONTS`.
        width, height: in pixels.
        seed: chooses the sentences, their colours and the ground.
        points: size of the letters in pixels.
        kind: a format of Pillow.
    """
    rnd = random.Random(seed)
    path, face = FONTS[font]
    ground, ink = rnd.choice(
        [("#ffffff", "#222222"), ("#fdf6e3", "#7a1010"), ("#12306b", "#f5f5f5")]
    )
    image = Image.new("RGB", (width, height), ground)
    canvas = ImageDraw.Draw(image)
    letters, heading = (
        ImageFont.truetype(path, size, index=face) for size in (points, points * 3 // 2)
    )
    margin, lines, top = width // 12, [], points * 2
    while top < height - 4 * points:
        for number, sentence in enumerate(rnd.sample(SENTENCES.split(), 6)):
            used = heading if number == 0 and rnd.random() < 0.5 else letters
            for text in _wrapped(sentence, used, width - 2 * margin):
                if top > height - 3 * points:
                    break
                canvas.text((margin, top), text, ink, used)
                left, upper, right, lower = canvas.textbbox((margin, top), text, used)
                box = (int(left), int(upper), int(right - left), int(lower - upper))
                lines.append(Line(text, box))
                top += int(used.size * 1.6)
        canvas.rectangle((margin, top, width - margin, top + 3), rnd.choice(["#c0392b", "#8899aa"]))
        top += points * 2
    data = BytesIO()
    image.save(data, kind, **({"quality": 80} if kind == "JPEG" else {}))
    return LongPicture(data.getvalue(), tuple(lines), font, (width, height))


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for character in text:
        if font.getlength(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines
