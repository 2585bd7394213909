"""People told without a post: 联系人陆军, 老李, 小张, and a name that stands by itself after its company."""

from __future__ import annotations

from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.people import COMMON, DOUBLE_SURNAMES, NOT_NAMES, SURNAMES, Found
from fieldkit.capture.text import GAP, Words, is_han, starts, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

_LABELS = words(
    "姓名 参加人员 参会人员 参加的有 ceo cfo cto coo 联系人 对接人 负责人 接洽人 经办人 联络人 接待人 法定代表人 法人代表 法人 实控人 实际控制人 创始人 老板"
)
_AFTER_LABEL = ("是", "为", "叫", ":", " ")
_FAMILIAR = frozenset("老小")
_BEFORE = frozenset("的与和、及请找跟给见问向让由约")
_EDGES = frozenset("的,;。、!?:()/|\n " + GAP)
_WORDS = frozenset(
    words("""
    王牌 王国 李子 张力 张江 陈列 陈皮 陈酒 陈设 杨梅 杨树 黄金 黄芪 黄连 黄精 黄芩 黄酒 黄豆 黄酮 黄铜 黄花 黄牛 黄桃 黄山 黄石
    黄冈 黄浦 黄岩 黄埔 黄柏 吴江 吴中 吴兴 吴忠 吴茱萸 周期 周边 周转 周口 周报 周会 周例会 徐州 徐汇 徐工 徐长卿 马达 马桶 马力
    马蹄 马上 马路 马铃薯 马鞍山 马来 马术 马拉松 马钱子 朱砂 胡椒 胡萝卜 何首乌 何时 何处 何地 林业 林地 林木 林场 林下 林权
    林区 罗汉果 罗非鱼 罗布麻 罗湖 罗马 罗平 郑州 郑重 谢谢 谢绝 宋城 许可 许可证 许昌 许多 许继 韩国 韩资 韩企 韩方 曹县
    曾经 曾任 彭州 董事 董事会 董事长 董秘 董办 叶片 叶酸 叶轮 叶集 叶菜 杜仲 杜绝 苏州 苏打 苏北 苏南 苏打水 苏式 程序 程控
    程度 吕梁 丁腈 丁苯 丁字 沈阳 沈丘 任务 任意 任何 任命 钟表 钟点 姜黄 姜茶 姜片 范围 范本 范例 陆续 陆上 陆运 陆军 陆港
    邹城 邹平 孟加拉 秦皇岛 秦岭 余料 余热 余额 余姚 余杭 刘寄奴 魏桥 杜康 曹妃甸
    """)
)
"""Words and places with a common surname at the beginning."""
_PURPOSES = Words("项目 厂 园 区 线 站 镇 村 市 县 路 街 馆 店 期")


def labelled(text: str) -> list[Found]:
    """The names after 联系人, 对接人 and the like."""
    found = []
    for label in _LABELS:
        index = text.find(label)
        while index >= 0:
            start = index + len(label)
            while mark := starts(text, start, _AFTER_LABEL):
                start += len(mark)
            end = _name_end(text, start, SURNAMES)
            if end:
                found.append(Found(start, end, start, end, ""))
            index = text.find(label, index + len(label))
    return found


def familiar(text: str, edges: Container[int]) -> list[Found]:
    """老李, 小张 between edges; a verb may end at one of `edges`."""
    return [
        Found(index, index + 2, index, index + 2, "")
        for index, char in enumerate(text)
        if char in _FAMILIAR
        and text[index + 1 : index + 2] in COMMON
        and text[index + 1 : index + 2]
        and (
            index == 0
            or index in edges
            or not is_han(text[index - 1])
            or text[index - 1] in _BEFORE
            or text[max(0, index - 2) : index] in NOT_NAMES
        )
        and _edge_after(text, index + 2)
    ]


def alone_after(text: str, start: int) -> Found | None:
    """The name that is the first word after `start`, between spaces or commas: 宁德时代 张伟 2.5亿."""
    while start < len(text) and text[start] in " ,、" + GAP:
        start += 1
    end = start
    while end < len(text) and is_han(text[end]):
        end += 1
    if end != _name_end(text, start, COMMON) or text[start:end] in _WORDS or _PURPOSES.at(text, end - 1):
        return None
    return Found(start, end, start, end, "")


def _name_end(text: str, start: int, surnames: frozenset[str]) -> int:
    """Where the full name at `start` ends, with an edge after it; 0 where none stands."""
    double = text[start : start + 2] in DOUBLE_SURNAMES
    if not double and (text[start : start + 1] not in surnames or start >= len(text)):
        return 0
    for end in (start + 4, start + 3) if double else (start + 3, start + 2):
        if end <= len(text) and all(map(is_han, text[start:end])) and _edge_after(text, end):
            return end
    return 0


def _edge_after(text: str, index: int) -> bool:
    return index >= len(text) or not is_han(text[index]) or text[index] in _EDGES or bool(FOLLOWERS.at(text, index))
