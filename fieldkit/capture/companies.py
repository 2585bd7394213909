"""Companies in a line, by the words beside them: 拜访宁德时代, …有限公司, …来亳考察, 与…签约, 企业:…, met CATL."""

from __future__ import annotations

from fieldkit.capture import verbs
from fieldkit.capture.company_words import HOUSES, is_inside, is_talk
from fieldkit.capture.numbers import STARTS as NUMERALS
from fieldkit.capture.numbers import digits_end
from fieldkit.capture.people import COMMON, NOT_NAMES, PINYIN_SURNAMES, POSTS, SURNAMES, looks_like_name, post_at
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.signs import task_force
from fieldkit.capture.text import GAP, Words, is_digit, is_han, is_latin, phrases, starts, word_start, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.capture.text import Line
    from fieldkit.capture.verbs import Verb

LEGAL = words("股份有限公司 有限责任公司 集团有限公司 有限公司 股份公司 集团公司 公司")
_LEGAL_WORDS = Words(LEGAL)
LONGEST = 24
"""Characters in a name; what is longer is a sentence."""
SUFFIXES = LEGAL + words("""
    集团 股份 银行 科技 重工 药业 医药 实业 控股 新材料 新能源 生物 电子 食品 制药 酒业 汽车 能源 环保 机械 电器 乳业 证券
    保险 资本 基金 研究院 大学 学院 医院 协会 商会 电源 电气 快递 物流 酒店 种业 牧业 饲料 建工 路桥 水泥 轴承 电缆 线缆 精密
""")
TRADE_SURNAMES = frozenset("万华金石白江方高安康海时明云宁东古阳欧长马黄")
"""Surnames with which many companies begin (万科, 华为, 金龙鱼): such a short name is offered, not chosen."""
GENERIC = frozenset(
    words("""
    客户 企业 公司 项目 对方 市政府 政府 领导 园区 他们 我们 现场 朋友 老乡 商会 协会 集团 银行 一下 情况 工作 负责人 客商 厂家
    厂里 方案 合作 事宜 沟通 投资 电话 微信 一家企业 几家企业 这家公司 该公司 该企业 该项目 合同 对接 有关部门 双方 大家 老板
    代表 市里 县里 区里 会议 合肥 上海 北京 深圳 杭州 南京 苏州 广州 亳州 外地 当地 材料 进展 下一步 进度 后续 投资意向 意向
    合作意向 问题 签约 土地 贷款 融资 细节 条款 协议 价格 厂房 选址 政策 安徽 江苏 浙江 广东 采购 销售 市场 财务 技术 生产 行政
    人事 战略 研发 质量 运营 招商 企业方 客户方 甲方 乙方 其他 多家企业 考察团 代表团 不上 不到 看看 看地 看厂 看厂房 看现场 看场地
    看项目 看样 样品 设备 消息 结果 时间 人员 专班 县里 镇里 办公室 总部 工厂 厂区 车间 展会 饭局 对面 大厅 这里 那里
    """)
)
_GROUPS = words("考察团 代表团 一行人 一行 客商 团队 考察组 调研组 负责人 代表 高管 总部 公司总部")
_GROUP_WORDS = Words(_GROUPS)
_ARRIVALS = words("来亳 来访 来考察 到访 来电 来谈 来函 来我市 来我区 来我县 来园区 拟投 计划投资 有意投资 意向投资")
_LABELS = words("线索: 企业名称: 企业: 公司名称: 公司: 投资方: 客户: 单位: company:")
_ARRIVED = frozenset({"来亳", "来访", "到访", "来电"})
"""Verbs of a company that stands before them."""
_MEETINGS = Words(
    "见 吃饭 喝茶 视频 开会 会面 面谈 聊 通电话 打电话 电话 微信 碰面 碰头 签约 签订 签署 签 洽谈 对接 见面 沟通 交流 座谈 会谈 合作 通话 谈"
)
"""What one does with a company: 与…签约."""
_STOPS = Words("""
    的 了 过 就 关于 并 商谈 洽谈 谈 聊 了解 介绍 推介 汇报 对接 讨论 沟通 考察 参观 表示 希望 计划 拟 准备 在 来亳 来访 反馈
    说 时间 待定 日期 提出 负责 陪同 参加 调研 和 与 及 等 现场 再 一起 共同 投资 总投资 回访 签约 签订 签署 商讨 交流 座谈 推进 落实 确认 签 为
    有意 想 要 已 未 没 不 无 前往 电话 微信 手机 见面 会谈 通话 通电话 打电话 合作 拜访 走访 会见 接待 看望 慰问 约见 回访 联系
""")
_LEADING = words("的那家 的这家 那家 这家 了 过 完 一下 到 在 位于 来自 是 我市 我区 我县 园区 企业: 公司: 客户: 单位:")
_QUOTES = {"“": "”", '"': '"', "「": "」", "【": "】", "《": "》", "『": "』"}
_CALLED = ("的一家企业叫", "一家企业叫", "的一家公司叫", "一家公司叫", "的企业叫", "一家叫", "名叫", "名为", "叫做")
_SAID_BEFORE = words("公司名称 企业名称 项目公司 注册公司 成立公司 客户名称 投资主体 投资方 拟 请 由 叫")
"""What may stand right before a name with its legal form and is no part of it."""
_CUT_BEFORE = ("了", "的", "与", "和", "到", "去", "在", "对", "给", "向", "由", "为", "跟", "后")
_POINTING = ("该", "本", "这", "那", "一家", "几家", "我")
_ARTICLES = phrases("with , the ")
_LEGAL_LATIN = (", ltd.", ", ltd", ", limited", ", inc.", ", inc", ", llc")
_OF = (" of ", " from ", " at ")
_TRADE_POSTS = frozenset(
    words("""
    博士 教授 老师 老板 先生 女士 小姐 工程师 律师 会计 秘书 助理 站长 队长 校长 会长 组长 社长 主管 董事 经理 主任 主席 总裁
    """)
)
"""Posts of which names are made as well (老板电器, …律师事务所): they end a company's name only as its last word."""
_PLACES = ("市", "县", "区", "镇", "乡", "村", "省")
_PLACE_ENDS = ("市", "县", "镇", "乡")
_COUNTED = frozenset(words("企业 公司 客户 工厂 项目 客商"))


class Subject:
    """A company by the words; `person` where the name may as well be someone's, `sure` where it is theirs.

    `unclear` where a post or a place's word follows, so that it is not certain what the company is; the name may then
    end at `cut`.
    """

    __slots__ = ("cut", "end", "person", "start", "sure", "unclear")

    def __init__(
        self, start: int, end: int, *, person: bool = False, sure: bool = False, unclear: bool = False, cut: int = 0
    ) -> None:
        self.cut = cut
        self.start = start
        self.end = end
        self.person = person
        self.sure = sure
        self.unclear = unclear


def find(line: Line, text: str, found_verbs: Sequence[Verb]) -> list[Subject]:
    """The companies in the masked text: after a verb or label, before an arrival, or with a suffix of their own."""
    found = [subject for label in _LABELS if (subject := _after_label(text, label))]
    for verb in found_verbs:
        if verb.kind != verbs.MILESTONE:
            found += _after_verb(line, text, verb)
    found += [subject for word in _ARRIVALS for subject in _before_arrival(text, word)]
    found += _by_suffix(text)
    return _apart(found)


def _apart(found: list[Subject]) -> list[Subject]:
    kept: list[Subject] = []
    for subject in found:
        if all(subject.end <= other.start or other.end <= subject.start for other in kept):
            kept.append(subject)
    return sorted(kept, key=lambda subject: subject.start)


def _after_label(text: str, label: str) -> Subject | None:
    index = text.find(label)
    if index < 0:
        return None
    start = index + len(label)
    end = _name_end(text, start)
    return (_before_a_post(text, start, end) or Subject(start, end)) if _is_name(text[start:end]) else None


def _before_a_post(text: str, start: int, end: int) -> Subject | None:
    """The company in 古井贡酒董事长, 比亚迪采购部长: sure where it has a suffix of its own."""
    index = start + 2
    while index < end:
        post = post_at(text, index)
        last = index + len(post)
        if len(post) > 1 and (last == end or (last < end and post not in _TRADE_POSTS)):
            name = text[start:index]
            if name[-2:] in NOT_NAMES and len(name) > 3 and not name.endswith(SUFFIXES):
                name = name[:-2]
            return Subject(start, start + len(name), unclear=not name.endswith(SUFFIXES) and name not in HOUSES)
        index += 1
    return None


def _after_verb(line: Line, text: str, verb: Verb) -> list[Subject]:
    start = verb.end
    if is_latin(verb.word[-1]):
        return _latin_after(line, text, start) if verb.kind == verbs.VISIT else []
    placed = False
    while word := starts(text, start, _LEADING):
        start += len(word)
        placed = placed or word in {"位于", "来自", "在"}
    while text.startswith((" ", ":"), start):
        start += 1
    if close := _QUOTES.get(text[start : start + 1]):
        end = text.find(close, start + 1)
        return [Subject(start + 1, end)] if end > 0 and _is_name(text[start + 1 : end]) else []
    end = _name_end(text, start)
    if called := starts(text, end, _CALLED):
        start, end = end + len(called), _name_end(text, end + len(called))
    while text.startswith("的", end) and (placed or _is_place(text[start:end])):
        placed = False
        start, end = end + 1, _name_end(text, end + 1)
    name = text[start:end]
    if not _is_name(name):
        return []
    if (cut := _before_a_post(text, start, end)) and not (verb.light or verb.kind == verbs.NEXT):
        return [cut] if _is_name(text[cut.start : cut.end]) else []
    suffixed = name.endswith(SUFFIXES) and name not in SUFFIXES
    if verb.word in _ARRIVED and not suffixed:
        return []
    if not (suffixed or verb.light or verb.kind == verbs.NEXT) and (found := _before_a_name(text, start, end)):
        return found
    if verb.kind == verbs.NEXT or (
        verb.light and not (verb.word in verbs.TOGETHER and _MEETINGS.at(text, _past_people(text, end)))
    ):
        return [Subject(start, end)] if suffixed or name in HOUSES else []
    unclear = len(name) < 5 and name.endswith(_PLACE_ENDS) and not name.endswith("超市")
    person = not suffixed and name not in HOUSES and looks_like_name(name)
    return [Subject(start, end, person=person, unclear=unclear)]


def _past_people(text: str, index: int) -> int:
    """Past whoever was read already: the 会谈 of 与药明康德李革董事长会谈."""
    while index < len(text) and text[index] in GAP + " 、":
        index += 1
    return index


def before_person(text: str, end: int) -> Subject | None:
    """The company that stands by itself right before a person: 合肥 阳光电源 曹总."""
    while end and text[end - 1] in " ,":
        end -= 1
    start = word_start(text, end)
    name = text[start:end]
    if len(name) < 3 or not _is_name(name) or name in SUFFIXES or task_force(name):
        return None
    if not (name.endswith(SUFFIXES) or name in HOUSES):
        return None
    return Subject(start, end)


def _before_a_name(text: str, start: int, end: int) -> list[Subject]:
    """The company and the person of 三一重工李四: sure after a suffix; 宁德时代张伟 may be a company's name as a whole."""
    for length in (3, 2):
        cut = end - length
        if cut - start < 2 or text[cut] not in COMMON or not all(map(is_han, text[cut:end])):
            continue
        known = text[start:cut] in HOUSES or text[start:cut].isascii()
        if known or (text[start:cut].endswith(SUFFIXES) and text[start:cut] not in SUFFIXES):
            return [Subject(start, cut), Subject(cut, end, person=True, sure=True)]
        if cut - start > 3 and text[cut:end] not in HOUSES and text[start:cut] not in HOUSES:
            return [Subject(start, end, unclear=True, cut=cut)]
    return []


def _is_place(name: str) -> bool:
    """Whether a place stands before 的: 谯城区十九里镇的福林药业."""
    return name in GENERIC or (name.endswith(_PLACES) and not name.endswith("社区") and len(name) > 2)


def _is_name(name: str) -> bool:
    """Whether the words can name a company: not too short or long, not a common word, not a count (3家企业, 企业5家)."""
    if not 2 <= len(name.strip()) <= LONGEST or name.endswith("项目"):
        return False
    if name in GENERIC or name in NOT_NAMES or name in POSTS or is_talk(name):
        return False
    if name[:2] in _COUNTED and name[2:3] in NUMERALS:
        return False
    end = digits_end(name, 0)
    return end == 0 or (end < len(name) and not is_quantity(name, end) and name[end] != "号")


def _name_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and (is_han(text[end]) or is_latin(text[end]) or is_digit(text[end]) or text[end] in "&·-"):
        if end > start + 1 and (_STOPS.at(text, end) or _GROUP_WORDS.at(text, end)) and not is_inside(text, end):
            break
        suffix = _LEGAL_WORDS.at(text, end)
        if suffix and end > start:
            return end + len(suffix)
        end += 1
        if end - start > LONGEST:
            break
    return end


def goes_to(text: str, start: int) -> int:
    """How far words of a name may go on at `start`: up to a small word, a verb, a delegation or a sign."""
    end = start
    while end < len(text) and (is_han(text[end]) or is_latin(text[end])):
        if _STOPS.at(text, end) or _GROUP_WORDS.at(text, end):
            break
        end += 1
    return end


def _latin_after(line: Line, text: str, start: int) -> list[Subject]:
    """Capitalised words after met, visited, spoke to; a person's where they are followed by "of" and a company."""
    while text.startswith(" ", start):
        start += 1
    start += len(starts(text, start, _ARTICLES))
    end = _capitalised_end(line, text, start)
    if end - start < 2:
        return []
    words_said = text[start:end].split()
    of = starts(text, end, _OF)
    company_end = _capitalised_end(line, text, end + len(of)) if of else end
    if of and company_end > end + len(of):
        return [Subject(start, end, person=True, sure=True), Subject(end + len(of), company_end)]
    person = len(words_said) == 2 and not PINYIN_SURNAMES.isdisjoint(words_said)
    return [Subject(start, end, person=person, sure=person)]


def _capitalised_end(line: Line, text: str, start: int) -> int:
    end = index = start
    while index < len(text):
        word_end = index
        while word_end < len(text) and (
            (text[word_end].isascii() and text[word_end].isalnum())
            or text[word_end] in "&-'."
            or is_han(text[word_end])
        ):
            word_end += 1
        if word_end == index or not (line.plain[index].isupper() or is_digit(text[index]) or is_han(text[index])):
            break
        end = word_end
        index = word_end + 1 if text.startswith(" ", word_end) else len(text)
    return end + len(starts(text, end, _LEGAL_LATIN)) if end > start else end


def _before_arrival(text: str, word: str) -> list[Subject]:
    end = text.find(word)
    if end < 2:
        return []
    for group in _GROUPS:
        if text[:end].endswith(group):
            end -= len(group)
    start = word_start(text, end)
    if text.startswith(")", end - 1) and (bracket := text.find("(", start, end)) > start:
        end = bracket
    name = text[start:end]
    if text.startswith("(", end) and looks_like_name(name):
        return [Subject(start, end, person=True, sure=True)]
    if not _is_name(name) or (name[0] in COMMON and len(name) <= 3) or (name[0] in SURNAMES and len(name) == 2):
        return []
    return _before_a_name(text, start, end) or [Subject(start, end)]


def _by_suffix(text: str) -> list[Subject]:
    """…有限公司, …公司, from the last small word before it."""
    found = []
    for suffix in LEGAL:
        index = text.find(suffix)
        while index >= 0:
            end = index + len(suffix)
            start = word_start(text, index)
            for stop in _CUT_BEFORE:
                place = text.rfind(stop, start, index)
                while place >= start and is_inside(text, place):
                    place = text.rfind(stop, start, place)
                start = max(start, place + 1)
            while said := starts(text, start, _SAID_BEFORE):
                start += len(said)
            if (
                2 <= index - start <= LONGEST
                and not is_talk(text[start:index])
                and not text[start:end].startswith(_POINTING)
                and GAP not in text[start:end]
            ):
                found.append(Subject(start, end))
            index = text.find(suffix, end)
    return found
