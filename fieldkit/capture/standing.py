"""Whether a known name stands in a line as a name, and not inside a longer one or an ordinary word: 张伟涛, 高峰期, 食品包装机械."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.people import DOUBLE_SURNAMES, POST_WORDS, STOPS
from fieldkit.capture.text import GAP, Words, is_han, is_latin, skip_space, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_GOES_ON = Words("""
    说 讲 问 想 让 叫 催 托 带 陪 约 找 请 加 回 转 发 寄 送 交 签 谈 聊 见 介绍 推荐 引荐 转来 提到 提出 反映 表示 希望 觉得 认为 告知 告诉 通知 负责
    这边 那边 那里 他们 两人 本人 夫妇 家 们 等人 一行 今 明天 明年 明早 明晚 明后 昨 后天 后日 上周 上月 上次 下周 下月 下次 本周 这周 周 月 刚 早 晚 中午 前天
    打 看 收 听 来 出 上 下 拿 写 做 派 感 遇 碰 口 私 亲 随 另 又 才 只 需 很 最 太 更 比 被 把 给 答 由 到 去 电话 微信 视频 短信 用 着 过 通电话 通话 通了
    想要 要求 同意 主动 专程 专门 当场 当天 当面 代表 已经 得到 得知 主要 正在 正式 第一 两次 三次 一家 一直 单独 组织 牵头 参与 参会 出席 到场 在场 缺席
    此次 这次 本次 首次 多次 一同 一道 一块 同志 的 了 吗 吧 也 都 并 但 而 因 所 不 没 未 已 将 拟 对 向 从 于 为 以 及 与 和 或 在 是 有
    """)
"""Words that follow somebody's name and are none of it, besides verbs and posts."""
_ORDINARY = frozenset(
    words("""
    高峰 高兴 高明 高尚 高远 高级 高中 高端 高层 高潮 高效 高度 高原 高架 高速 高价 高档 高温 高新 安全 安宁 安康 安静 安装 安排 康健 文明 文化 文静 文件
    明确 明显 方向 方法 方案 方面 方式 方便 方针 方正 方圆 和平 和谐 和气 和睦 万一 万全 万能 马上 马力 马路 陈列 陈述 陈旧 成功 成立 成长 成熟 成就 成果
    时间 时机 时代 时常 严格 严重 严肃 严密 严明 白天 白云 金融 金属 金钱 石油 石头 石材 华丽 华南 华北 华东 季节 季度 江山 江南 江北 江淮 平安 平衡 常规 常务
    常年 常识 齐全 易于 向上 向前 习惯 任务 关键 关系 关于 关心 关注 关联 单位 单独 管理 管道 党员 包装 包括 包含 温度 温和 温暖 路线 路上 路过 路演 解决 解放
    解释 查看 查询 应该 应用 应急 应对 苗木 苗圃 舒服 舒适 舒畅 古典 田野 田园 田地 水平 水利 水电 沙漠 沙发 沙滩 汪洋 游客 游戏 游览 计划 计算 车间 龙头 空间
    空气 连接 连续 连忙 宁静 宁愿 房间 房子 房产 冷静 冷链 冷藏 冷却 权利 权益 全面 全力 强大 强调 丰富 丰收 雷达 雷雨 施工 施行 顾客 顾问 夏天 夏季 东风 东方
    黎明 祝贺 祝福 祝愿 贺信 林业 林木 柏油 谷物 谷雨 花园 花生 景色 景区 景点 米饭 梅花 雪花 经常 经过 余地 余量 甘草 王牌 王国 张力 杨梅 黄金 周期 周边 周转
    周密 周到 周全 周围 吴江 徐州 程序 程度 钟表 姜黄 范围 范例 陆续 陆军 余热 余额 谢谢 许可 许多 曾经 董事 叶片 苏打 牛奶 鲁莽 申请 申报 巩固 司机 司法 商务 商业
    邓亚 万里 万分 向导 向往 童话 章程 盛大 项目 祖国 喜悦 乐观 乐意 利润 利用 利益 通过 通知 支持 支付 海关 海洋 海外 阳光 光明 欢迎 胜利 顺利 真诚 诚信 诚意
    """)
)
"""Words of every day that are somebody's name as well."""
_ADVERBS = frozenset(
    words("高兴 方便 万一 马上 和平 陆续 曾经 关于 通过 许多 连忙 经常 时常 全面 全力 成功 顺利 明显 应该 安全 平安")
)
"""Those that stand by themselves, or before a verb, and mean nobody."""
_LONGER = Words("太阳能 联合国 好想你们 人民币 人民政府 人民医院 人民法院 人民银行 人民代表 人民群众 东方红 未来几年")
"""Words that begin with the name of a company and are another's, or nobody's."""
_STREETS = Words("路 街 大街 大道 广场")
_NOT_STREETS = Words("路演 路过 路上 路径 街道")
_SHORT = 2
_SENTENCE_WORDS = frozenset(
    words(
        "will mark may grant bill rose rich frank art sue pat drew hope grace joy summer april june august sunny page park price young long"
    )
)
_WITH = frozenset("与和跟同见找约请陪给问访及、")
_ARRIVALS = Words("来电 来访 来亳 到访 来函 说 讲 称 表示 提出 介绍 反映 转来 一行")
_TITLE_WORDS = frozenset("的了说讲提问谈聊就把将看建投推报问催与和及在是为对议")
"""Characters before a project's title that are none of it."""
_AFTER_TITLES = Words("""
    项目 一期 二期 三期 的 了 已 未 没 不 拟 将 要 可 需 待 有 是 在 预计 计划 总投 投资 投 用地 占地 签约 签 落地 开工 投产 进展 进度 推进 情况 方案 合同 协议 选址
    环评 能评 立项 备案 土地 厂房 资金 融资 上会 过会 评审 约 近 共 下 上 本 今 明 昨 周 月 年 初 底 前 后 这 那 对方 客户 负责 事宜 合作 意向 问题 材料 资料 谈 聊
    """)
_TITLE_END = "项目"
_NEAR = 8
"""Characters within which 及 or 与 leads on to the 项目 of the same title."""


def stands(text: str, plain: str, start: int, end: int, *, entry: tuple[str, str, str], ends: Container[int]) -> bool:
    """Whether the record (kind, id, name) is meant at this span of the masked text; companies and people may end at `ends`.

    `plain` is the text before folding.
    """
    kind, _, name = entry
    if kind == "contacts":
        if text[start:end].isascii():
            return not name.isascii() or _is_latin_name(text, plain, start, end)
        return _ends_there(text, start, end) and (text[start:end] not in _ORDINARY or _is_told(text, start, end, ends))
    if kind == "leads":
        return _is_title(text, start, end, ends)
    return not _LONGER.at(text, start)[end - start :] and not (end - start == _SHORT and _is_street(text, end))


def _is_street(text: str, end: int) -> bool:
    return bool(_STREETS.at(text, end)) and not _NOT_STREETS.at(text, end)


def _ends_there(text: str, start: int, end: int) -> bool:
    """Whether a full name of one character behind its surname may not go on: 张伟来电, not 张伟涛来电."""
    given = end - start - (2 if text[start : start + 2] in DOUBLE_SURNAMES else 1)
    if given != 1 or not is_han(text[start]) or _is_edge(text, end):
        return True
    return not _is_edge(text, end + 1)


def _is_edge(text: str, index: int) -> bool:
    if index >= len(text) or not is_han(text[index]) or text[index] in STOPS:
        return True
    return bool(FOLLOWERS.at(text, index) or _GOES_ON.at(text, index) or POST_WORDS.at(text, index)) or _is_verb(
        text, index
    )


def _is_verb(text: str, index: int) -> bool:
    found = verbs.find_verbs(text[index : index + 4], text[index : index + 4])
    return bool(found) and found[0].start == 0


def _is_told(text: str, start: int, end: int, ends: Container[int]) -> bool:
    """Whether what is around an ordinary word tells that somebody of that name is meant: 与高峰座谈, 高峰 138…, 高峰总经理."""
    before = start
    while before and text[before - 1] == " ":
        before -= 1
    if before in ends or POST_WORDS.at(text, end) or text.startswith((GAP, " " + GAP), end):
        return True
    if not _is_edge(text, end):
        return False
    if start and (text[start - 1] in _WITH or _meets(text, start)):
        return True
    word = text[start:end]
    if word in _ADVERBS or (start and text[start - 1].isalnum()):
        return False
    return end == len(text) or not text[end].isalnum() or bool(_ARRIVALS.at(text, end))


def _meets(text: str, end: int) -> bool:
    """Whether a verb of meeting somebody ends there."""
    found = verbs.find_verbs(text[max(0, end - 4) : end], text[max(0, end - 4) : end])
    return bool(found) and found[-1].end == min(end, 4) and found[-1].kind == verbs.VISIT and not found[-1].light


def _is_latin_name(text: str, plain: str, start: int, end: int) -> bool:
    """Whether letters are somebody's name: one word has its capital, and is no word of a sentence at its beginning."""
    word = text[start:end]
    if " " in word or not word.isalpha():
        return True
    begins = not text[:start].strip() or text[:start].rstrip()[-1:] in {".", "!", "?"}
    return plain[start].isupper() and not (
        word in _SENTENCE_WORDS and begins and not text.startswith(GAP, skip_space(text, end))
    )


def _is_title(text: str, start: int, end: int, ends: Container[int]) -> bool:
    """Whether a project's title is all of a compound and no piece of one: 电机项目, not 驱动电机项目; 包装, not 包装机械."""
    if is_latin(text[end - 1]):
        return (
            not text.startswith(" ", end)
            or not is_latin(text[end + 1 : end + 2] or " ")
            or " project" not in text[end:]
            or text.startswith(" project", end)
        )
    if not _begins_there(text, start, ends):
        return False
    if (
        end >= len(text)
        or not is_han(text[end])
        or _AFTER_TITLES.at(text, end)
        or text.endswith(_TITLE_END, start, end)
    ):
        return True
    joins = text[end] in "及与和"
    if joins:
        return _TITLE_END not in text[end : end + _NEAR]
    return bool(FOLLOWERS.at(text, end)) or _is_verb(text, end)


def _begins_there(text: str, start: int, ends: Container[int]) -> bool:
    if (
        start == 0
        or start in ends
        or not is_han(text[start - 1])
        or not is_han(text[start])
        or text[start - 1] in _TITLE_WORDS
    ):
        return True
    return any(_is_whole_verb(text, begin, start) for begin in range(max(0, start - 4), start))


def _is_whole_verb(text: str, begin: int, end: int) -> bool:
    word = text[begin:end]
    return word in _BEFORE_TITLES or word in verbs.VISITS or word in verbs.NEXTS


_BEFORE_TITLES = frozenset(
    words("""
    推进 讨论 洽谈 介绍 推介 汇报 对接 跟进 了解 沟通 关于 投资 投建 建设 拟建 新建 推荐 委托 签约 落地 商谈 研究 商讨 考察 评审 调度 督办 申报 关注 围绕 针对 就
    今天 明天 昨天 上午 下午 上周 本周 下周 公司 集团
    """)
)
