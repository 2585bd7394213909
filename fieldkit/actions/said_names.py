"""By which name a line calls its company: a known name with all the words around it that make another's of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.capture.company_names import LEGAL, LONGEST, SUFFIXES, goes_to
from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.names import PLACES
from fieldkit.capture.people import NOT_NAMES, PINYIN_SURNAMES, POSTS, looks_like_name
from fieldkit.capture.text import is_han, words
from fieldkit.capture.verbs import find_verbs

if TYPE_CHECKING:
    from fieldkit.capture import Reading
    from fieldkit.capture.reading import Mark

_AFTER_NAMES = frozenset("谈聊了的和与及签来在就去对说等")
"""Small words that end a name."""
_SUBSIDIARIES = ("子公司", "分公司", "孙公司", "旗下", "下属", "控股子公司", "全资子公司")
_SHORT_NAME, _SHORT_REST = 2, 4
"""Characters of a known name that is a piece of many others, and of what makes another of it."""
_BESIDE_NAMES = words("""
    总部 项目 工厂 基地 园区 厂 车间 研究 研发 中心 展厅 门店 仓库 团队 高管 领导 老板 负责 公司 方面 那边 这边 现场 附近 一行 新 老 扩 增资
    需 能 会 可 也 还 又 都 因 但 目前 现 今 后 前 上 下 不 没 有 无 明 安徽 亳州 合肥
""")
"""What stands beside a company's name and is none of it."""
_LONGEST_REST = 4
_GROUPS = ("集团", "股份", "控股")
_LONGEST_GROUP = 6
"""Characters behind a known name within which such a word makes another's of it: 东方希望集团."""
_ARRIVALS = ("来访", "来电", "来亳", "到访", "来函", "考察", "座谈", "洽谈")
_TOPICS = words("""
    用地 用电 用工 用能 厂房 土地 选址 扩产 投资 产线 设备 政策 补贴 融资 贷款 合同 协议 方案 材料 样品 报价 环评 能评 产品 储能 订单 工人 员工 司机 技术 专家
    业务 市场 价格 原料 供应 需求 问题 情况 消息 生产 动力 电池 光伏 二期 三期 一期 采购 销售 财务 物流 招聘 年会 展会 会议 进展 进度 反馈 意向 签约 介绍 推荐 附近 旁 隔壁 对面
    """)
"""What a line says of a company without a space behind its name."""
_PLACES = frozenset(
    words("""
    河北 山西 辽宁 吉林 黑龙江 福建 江西 山东 河南 湖北 湖南 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门
    重庆 武汉 成都 西安 郑州 长沙 南昌 济南 青岛 厦门 福州 宁德 宁波 无锡 常州 南通 徐州 温州 嘉兴 绍兴 台州 东莞 佛山 珠海 惠州 中山
    沈阳 大连 长春 芜湖 蚌埠 阜阳 淮北 淮南 宿州 滁州 六安 安庆 宣城 马鞍山 铜陵 池州 黄山 昆明 贵阳 南宁 海口 石家庄 太原
    """)
)
_ALL_PLACES = _PLACES.union(PLACES)
_CLOSING = {"(": ")", "（": "）"}
_LONGEST_PLACE = 10


def said(reading: Reading) -> str:
    """The company's name as the line has it, with all the words that belong to it; empty where it names none, or two alike."""
    marks = [mark for mark in reading.marks if mark.kind == "company"]
    if "company" in reading.questions and len({mark.value for mark in marks if mark.value}) > 1:
        return ""
    meant = [str(mark.candidates[-1]) if mark.candidates else mark.text for mark in marks]
    typed = [name if name in reading.text else mark.text for name, mark in zip(meant, marks, strict=True)]
    return goes_on(reading) or elsewhere(reading) or next(iter(typed), "") or reading.company or ""


def goes_on(reading: Reading) -> str:
    """The whole name, where the line goes on after a name that the store knows: 比亚迪 is known, 比亚迪汽车 is met."""
    text = reading.text
    for mark in reading.marks:
        if mark.kind != "company" or mark.value != reading.company:
            continue
        bounds = {other.start for other in reading.marks}
        attached = [other.end for other in reading.marks if other.kind == "company" and other.start == mark.end]
        if attached and is_han(text[mark.end]) and not text.startswith((*_BESIDE_NAMES, *POSTS, *_TOPICS), mark.end):
            return text[mark.start : attached[0]]
        for end in (_past_place(text, mark.end), _name_goes_to(text, mark.end)):
            if end > mark.end and (end in bounds or not text[end : end + 1].isalnum() or text[end] in _AFTER_NAMES):
                return text[mark.start : end]
        end = min([_word_goes_to(text, mark.end), *(bound for bound in bounds if bound >= mark.end)])
        if _is_more_of_it(mark.text, text[mark.end : end]) or _stands_as_one(reading, mark, end):
            return text[mark.start : end]
    return ""


def _past_place(text: str, start: int) -> int:
    """Past a place in brackets and what follows it: …（北京）有限公司."""
    end = (
        text.find(_CLOSING[text[start]], start, start + _LONGEST_PLACE) + 1
        if text[start : start + 1] in _CLOSING
        else 0
    )
    past = _name_goes_to(text, end)
    return past if end and (past > end or text[start + 1 : end - 1].rstrip("市省") in _ALL_PLACES) else start


def _word_goes_to(text: str, start: int) -> int:
    """Past Chinese characters that may belong to a name, or past one more word with a capital: BYD Auto."""
    if text[start : start + 1] == " " and text[start - 1].isascii() and text[start + 1 : start + 2].isupper():
        end = start + 1
        while end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
        return end
    return goes_to(text, start)


def _is_more_of_it(known: str, rest: str) -> bool:
    """Whether the words after a known name make another's of it: 京东方 is not 京东, nor a subsidiary its parent."""
    if rest.startswith(_SUBSIDIARIES):
        return True
    if rest in _ARRIVALS:
        return False
    if rest.startswith(" "):
        return not rest.isupper() and rest[1:].lower() not in PINYIN_SURNAMES
    short = len(known) <= _SHORT_NAME and 1 <= len(rest) <= _SHORT_REST and is_han(rest[0]) and is_han(known[-1])
    return (
        short
        and not rest.startswith((*_BESIDE_NAMES, *POSTS))
        and rest[:2] not in NOT_NAMES
        and not looks_like_name(rest)
    )


def _stands_as_one(reading: Reading, mark: Mark, end: int) -> bool:
    """Whether a longer known name and what is written to it stand as one word: 拜访比亚迪半导体, 同仁堂健康 王总."""
    text, rest = reading.text, reading.text[mark.end : end]
    if not (len(mark.text) > _SHORT_NAME and 1 < len(rest) <= _LONGEST_REST and all(map(is_han, mark.text[-1] + rest))):
        return False
    after = end + (len(text[end:]) - len(text[end:].lstrip()))
    if any(other.kind in {"amount", "date"} and other.start == after for other in reading.marks):
        return False
    if (
        end < len(text)
        and text[end].isalnum()
        and not (
            text.startswith(_ARRIVALS, end)
            or any(other.start == end and other.kind == "contact" for other in reading.marks)
        )
    ):
        return False
    return not (
        rest.startswith((*_BESIDE_NAMES, *POSTS, *_TOPICS))
        or rest[:2] in NOT_NAMES
        or FOLLOWERS.at(rest, 0)
        or looks_like_name(rest)
        or any(not verb.light for verb in find_verbs(rest, rest))
    )


def _name_goes_to(text: str, start: int) -> int:
    """Past the words of which companies' names are made that stand at `start`."""
    end = start
    if text.startswith("公司", start):
        return end
    while word := next((word for word in SUFFIXES if text.startswith(word, end)), ""):
        end += len(word)
    group = max(text.find(word, start, start + _LONGEST_GROUP) + len(word) for word in _GROUPS)
    if group > end and _AFTER_NAMES.isdisjoint(text[start:group]) and all(map(is_han, text[start:group])):
        end = group
    legal = [text.find(word, end, end + LONGEST) for word in LEGAL]
    last = max((place + len(word) for place, word in zip(legal, LEGAL, strict=True) if place >= 0), default=end)
    return last if text[start:last].isalnum() else end


def elsewhere(reading: Reading) -> str:
    """The whole name, where the line puts a place before it that the known company's has not: 上海字节跳动, known is 北京字节跳动."""
    text = reading.text
    for mark in reading.marks:
        if mark.kind == "company" and mark.value == reading.company:
            for place in (text[max(mark.start - length, 0) : mark.start] for length in (2, 3)):
                if place in _ALL_PLACES and place not in (reading.company or ""):
                    return place + mark.text
    return ""
