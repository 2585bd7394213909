"""People in a line: @张伟, 王总, 李局长, 张伟总经理, 董事长曾毓群, 李四 13800138000."""

from __future__ import annotations

from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.text import GAP, Words, is_han, is_latin, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fieldkit.capture.phones import Phone
    from fieldkit.capture.text import Line

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
    "覃武莫孔向常汤康易乔葛牛文尤章鲁岳齐庞颜倪庄聂樊焦施管包左卜霍翟安祝穆俞单仇解查盖区黑柴童路骆凌欧肖裴殷季祁柳洪温柯梅纪翁成房窦申翟艾詹毕甘宁柏阮伍费涂耿关辛蓝华蒲闫瞿褚桂胥刁邢兰滕卞季池"
    "鲍娄喻尚苗冉古车项丘党隋米晏屈巩鞠时满巫靳甄水冷楼敖简宫仲游栾应沙麦司商佘闵"
)  # fmt: skip
DOUBLE_SURNAMES = words("""
    欧阳 上官 司马 诸葛 尉迟 单于 皇甫 令狐 慕容 司徒 夏侯 东方 公孙 端木 南宫
""")
COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋许邓冯韩曹曾彭蔡潘董袁余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆邱侯邹孟秦薛尹贾"
)
"""Surnames of most people; the rest begin many other words as well."""
POSTS = words("""
    常务副总经理 副董事长 执行董事 副总经理 总经理助理 董事长助理 总经理 董事长 副秘书长 秘书长 副市长 副县长
    副区长 副局长 副主任 副书记 副处长 副部长 副院长 副厂长 副会长 副总裁 总裁 副行长 行长 局长 主任 书记 市长
    县长 区长 镇长 处长 科长 部长 院长 所长 厂长 会长 站长 队长 校长 主席 总监 总工 经理 主管 董事 董秘 厅长
    司长 省长 州长 乡长 组长 社长 博士 教授 老师 老板 先生 女士 小姐 工程师 律师 会计 秘书 助理 副总 董 总 工 局
    处 部 主任委员
""")
PINYIN_SURNAMES = frozenset(
    words("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng feng han cao
    zeng peng xiao cai pan tian dong yuan yu ye jiang du su wei cheng lv lu ding shen ren yao zhong cui tan fan wang shi jia xia qiu
    fang hou zou xiong meng qin bai yan xue yin lei li long tao he gu mao hao gong shao wan qian
    """)
)
_POST_WORDS = Words(POSTS)
_SHORT_POSTS = frozenset("董总工局处部")
_NOT_AFTER_SHORT = {
    "总": "部投计结工体量额共之统面理经监裁",
    "工": "业程厂作人艺会商地信资期具序",
    "董": "事",
    "局": "长部势面",
    "处": "理长于在置",
    "部": "长门分队署件",
}
_STOPS = frozenset("的了过在和与及、来去到说谈就并也已要将")
_AT_ENDS = frozenset(" \n\r,;。、!?:()[]{}<>《》「」“”\"'@#|/" + GAP)


class Found:
    """A person found: the whole span in the folded text, the span of the name in it, the post when one stands beside it."""

    __slots__ = ("end", "name_end", "name_start", "post", "start")

    def __init__(self, start: int, end: int, name_start: int, name_end: int, post: str) -> None:
        self.start = start
        self.end = end
        self.name_start = name_start
        self.name_end = name_end
        self.post = post


def signed(line: Line) -> list[Found]:
    """Everyone marked with `@`; a Latin name may have several capitalised words. Mail addresses are not people."""
    found = []
    text = line.folded
    start = text.find("@")
    while start >= 0:
        end = _signed_end(line.plain, start + 1)
        if end > start + 1 and not (start and (is_latin(text[start - 1]) or text[start - 1].isdigit())):
            post = _post_of(text[start + 1 : end])
            kept = 0 if end - start - 1 - len(post) < 2 else len(post)
            found.append(Found(start, end, start + 1, end - kept, post))
        start = text.find("@", max(end, start + 1))
    return found


def _signed_end(plain: str, start: int) -> int:
    end = start
    while end < len(plain) and plain[end] not in _AT_ENDS and not plain[end].isdigit():
        end += 1
    while end < len(plain) and plain[end] == " " and is_latin(plain[end - 1]) and plain[end + 1 : end + 2].isupper():
        end += 1
        while end < len(plain) and (is_latin(plain[end]) or plain[end] in "-'."):
            end += 1
    return end


def _post_of(name: str) -> str:
    """The post in 张伟总经理 and 王总."""
    return next(
        (
            post
            for post in POSTS
            if name.endswith(post) and len(name) > len(post) and (post not in _SHORT_POSTS or len(name) < 4)
        ),
        "",
    )


def titled(text: str) -> list[Found]:
    """People told by a post: 王总, 李局长, 张伟总经理, 董事长曾毓群."""
    found: list[Found] = []
    index = 1
    while index < len(text):
        post = _POST_WORDS.at(text, index)
        person = _before_post(text, index, post) or _after_post(text, index, post) if post else None
        if person and (not found or person.start >= found[-1].end):
            found.append(person)
            index = person.end
        else:
            index += 1
    return found


def _before_post(text: str, index: int, post: str) -> Found | None:
    end = index + len(post)
    if post in _SHORT_POSTS and text[end : end + 1] in _NOT_AFTER_SHORT[post] and end < len(text):
        return None
    for length in (2, 3):
        start = index - length
        if (
            start >= 0
            and text[start] in COMMON
            and all(map(is_han, text[start:index]))
            and _edge(text, start)
            and not _STOPS.intersection(text[start:index])
        ):
            return Found(start, end, start, index, post)
    if text[index - 2 : index] in DOUBLE_SURNAMES and index >= 2:
        return Found(index - 2, end, index - 2, end, post)
    if text[index - 1] in (COMMON if post in _SHORT_POSTS - {"总"} else SURNAMES):
        return Found(index - 1, end, index - 1, end, post)
    return None


def _after_post(text: str, index: int, post: str) -> Found | None:
    start = index + len(post)
    if len(post) < 2 or text[start : start + 1] not in COMMON or start >= len(text):
        return None
    for end in (start + 3, start + 2):
        if (
            end <= len(text)
            and all(is_han(char) and char not in _STOPS for char in text[start:end])
            and _edge_after(text, end)
        ):
            return Found(index, end, start, end, post)
    return None


def _edge(text: str, index: int) -> bool:
    return index == 0 or not is_han(text[index - 1]) or text[index - 1] in "的与和、及请是找向给跟"


def _edge_after(text: str, index: int) -> bool:
    return index >= len(text) or not is_han(text[index]) or text[index] in _STOPS or bool(FOLLOWERS.at(text, index))


def before_phone(text: str, phones: list[Phone]) -> list[Found]:
    """A name standing alone before a telephone number: 李四 13800138000."""
    found = []
    for phone in phones:
        end = phone.start
        while end and text[end - 1] in " :,":
            end -= 1
        start = end
        while start and is_han(text[start - 1]) and end - start < 5:
            start -= 1
        if looks_like_name(text[start:end]):
            found.append(Found(start, end, start, end, ""))
    return found


def looks_like_name(word: str) -> bool:
    """Whether a Chinese word can be someone's full name: a surname and one or two characters more."""
    if word[:2] in DOUBLE_SURNAMES:
        return len(word) in {3, 4}
    return len(word) in {2, 3} and word[0] in SURNAMES and word[-2:] not in {"电话", "手机", "联系", "微信", "座机"}
