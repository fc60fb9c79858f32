"""What the labels of credits say: which part each gives the names after it."""

from __future__ import annotations

SOURCE, PUBLISHER, PAPER = "source", "publisher", "paper"
AUTHOR, REPORTER, GIVEN, OTHER, NOTHING = "author", "reporter", "given", "other", "nothing"
# Which part a label gives its names. `PUBLISHER` is a source where none is named as such, and so is
# the `PAPER` of a reporter. `GIVEN` (供稿) is the source where an office gave the article, the
# author where a person did. A `REPORTER` without a sign may be a colleague's. `OTHER`
# are people who did something else; `NOTHING` ends a name.
LABELS = {
    SOURCE: """
        来源 來源 信息来源 新闻来源 文章来源 稿件来源 内容来源 资讯来源 消息来源 本文来源 文章出处
        来源单位 来源网站 来源部门 来源媒体 来源于 出处 稿源 稿件来自 转自 转载自 转载 原载 摘自
        首发 供稿单位 供稿部门 来稿单位 投稿单位 报送单位 提供单位 信息提供 信息提供单位 内容提供
    """,
    PUBLISHER: """
        发布机构 发布单位 发布部门 发布机关 发文机关 发文单位 信息发布单位 发布主体 责任部门
        信息所属单位
    """,
    AUTHOR: """
        作者 文 文字 撰文 撰稿 撰稿人 编写 编撰 执笔 执笔人 采写 采编 写稿 撰写 文章作者 本文作者
        原作者 投稿人 供稿人 信息作者 文图 图文 文/图 图/文 文／图 图／文 文、图 图、文 文并图
        图并文 文·图 图·文 文|图 图|文 文字/图片 文字、图片 文/摄影 撰稿/摄影 文/摄 文字/摄影 记者
        記者 通讯员 通訊員 撰稿记者 文字记者 采访记者 特约撰稿 特约撰稿人 作者单位及姓名 署名
    """,
    GIVEN: """
        供稿 来稿 投稿 供文 供图文
    """,
    OTHER: """
        编辑 责编 责任编辑 本期编辑 网络编辑 网页编辑 文字编辑 视频编辑 微信编辑 图文编辑
        新媒体编辑 编辑人 美编 美术编辑 编审 主编 总编 副主编 值班主编 值班编委 值班总编 编校 校对
        校审 校核 审核 审核人 审校 审稿 审签 审定 核稿 核发 签发 签发人 一审 二审 三审 初审 复审
        终审 终校 一校 二校 三校 初核 复核 责任校对 值班审核 监制 总监制 监审 出品 出品人 策划
        总策划 统筹 总统筹 组稿 制片 制作 制图 设计 海报 排版 配音 主播 播音 剪辑 后期 视频 摄影
        摄影记者 摄影/视频 摄像 拍摄 摄 图 图片 图片来源 供图 图源 图片提供 图片作者 配图 插图
        翻译 编译 译者 录入 录入人 录入员 录入者 上传 上传者 发布人 发布者 发布员 信息员 管理员
        联系人 承办人 签发领导 审核领导 责任人 联系电话 电话
    """,
    NOTHING: """
        时间 日期 发布时间 发布日期 发表时间 发表日期 更新时间 更新日期 录入时间 创建时间 生成日期
        成文日期 发文日期 印发日期 公开日期 公布日期 编辑时间 来稿时间 实施日期 发稿时间 发布于
        发表于 浏览 浏览量 浏览数 浏览次数 阅读 阅读量 阅读数 阅读次数 点击 点击量 点击数 点击率
        点击次数 访问 访问量 访问次数 访问人数 人气 热度 次数 评论 评论数 回复 点赞 字号 字体
        字体大小 文字大小 文章字体 字数 打印 打印本页 关闭 关闭窗口 收藏 保存 分享 分享到 大中小
        大 中 小 视力保护色 保护视力色 我要打印 扫一扫 语音播报 举报 关键词 关键字 标签 主题词
        分类 栏目 类别 所属栏目 主题分类 索引号 信息索引号 文号 发文字号 文件编号 标题 名称
        信息名称 副标题 效力 有效性 公开方式 公开范围 公开属性 信息类别 组配分类 体裁分类 体裁
        组织机构 版次 版面 第 期号 当前位置 您的位置 附件 专题 网址 地址 发布 播放 下载次数 星级
        所在地区 地区 语种 文章类型 内容分类 服务对象 阅读时间 大小 状态
    """,
}
PART = {label: part for part, labels in LABELS.items() for label in labels.split()}
