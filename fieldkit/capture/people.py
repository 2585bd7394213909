"""People in a line, by a post or a telephone number: 王总, 李局长, 张伟总经理, 董事长曾毓群, 李四 13800138000."""

from __future__ import annotations

from fieldkit.capture.company_words import HOUSES
from fieldkit.capture.freestanding import FOLLOWERS
from fieldkit.capture.text import Words, is_han, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from fieldkit.capture.phones import Phone

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严"
    "覃武莫孔向常汤康易乔葛牛文尤章鲁岳齐庞颜倪庄聂樊焦施管包左卜霍翟安祝穆俞单仇解查盖区黑柴童路骆凌欧肖裴殷季祁柳洪温柯梅纪翁成房窦申艾詹毕甘宁柏阮伍费涂耿关辛蓝华蒲闫瞿褚桂胥刁邢兰滕卞池"
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
    董事会主席 首席执行官 执行总裁 高级副总裁 总工程师 副总监 副总工 副经理 副主席 副校长 副所长 副镇长 副科长
    常务副总经理 副董事长 执行董事 副总经理 总经理助理 董事长助理 总经理 董事长 副秘书长 秘书长 副市长 副县长
    副区长 副局长 副主任 副书记 副处长 副部长 副院长 副厂长 副会长 副总裁 总裁 副行长 行长 局长 主任 书记 市长
    县长 区长 镇长 处长 科长 部长 院长 所长 厂长 会长 站长 队长 校长 主席 总监 总工 经理 主管 董事 董秘 厅长
    司长 省长 州长 乡长 组长 社长 博士 教授 老师 老板 先生 女士 小姐 工程师 律师 会计 秘书 助理 副总 董 总 工 局
    处 部 主任委员
""")
PINYIN_SURNAMES = frozenset(
    words("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng feng han cao
    zeng peng xiao cai pan tian dong yuan yu ye jiang du su wei cheng lv lu ding shen ren yao zhong cui tan fan shi jia xia qiu
    fang hou zou xiong meng qin bai yan xue yin lei long tao gu mao hao gong shao wan qian
    """)
)
NOT_SURNAMES = words(
    "对方 我方 甲方 乙方 双方 各方 校方 院方 厂方 资方 商方 电商 外商 客商 应商 销商 运营商 代理商 厂商 招商 投资商"
)
"""Words whose last character is a surname besides."""
POST_WORDS = Words(POSTS)
_FIRSTS = SURNAMES.union(*[surname[0] for surname in DOUBLE_SURNAMES])
_ONLY_SURNAMES = frozenset("王李张刘陈黄赵吴周徐孙郭谢邓冯韩曹彭蔡潘董蒋姜崔谭廖贾邱侯邹薛魏吕")
"""Common surnames that hardly ever stand in a given name: before a post each begins a new person."""
_NOT_GIVEN = frozenset("部局处室会委厂组司县市区镇省队院所站校村店副总")
NOT_NAMES = frozenset(
    words("""
    时任 现任 原任 新任 曾任 担任 兼任 出任 前任 继任 历任 首任 执行 高级 首席 技术 销售 采购 财务 市场 生产 运营 区域 客户 项目
    电商 外商 客商 供应商 经销商 运营商 代理商 厂商 招商 对方 我方 甲方 乙方 双方 各方 代理 常务 行政 人事 研发 质量 战略 投资 法务 品牌 营销 工程 设备 物流 信息 产品 业务 大区 集团
    """)
)
"""Words that stand before posts and are nobody's name."""
_NOT_BEGINNINGS = words("""
    董事 林业 林区 林场 黄山 黄石 黄冈 黄浦 马鞍 吴江 吴中 吴兴 徐州 徐汇 徐工 郑州 许昌 许继 韩国 余姚 余杭 叶集 程序 苏州 苏北
    苏南 沈阳 陆军 曹县 罗湖 邹城 邹平 秦皇 贾汪 任务 周边 周口 孟州 彭州 张家 张江 张掖 张裕 杨浦 杨凌 时任 项目 区域 高级 安全
    施工 商务 包装 党委 党组 区委 车间 常务 管委 水务 文旅 文化 金融 华东 华南 华北 华中 商会 单位 费用 江苏 安徽 古井
    康养 成本 成都 白酒 水利 水电 石化 金属 龙头 温州 常州 沙发 万科 柳州 管理 高校 高新
""")
"""What begins like a surname before a post and is a place, a trade or a department."""
_COMPANY_ENDS = frozenset(
    words("""
    公司 集团 股份 银行 科技 重工 药业 医药 实业 控股 新材料 新能源 生物 电子 食品 制药 酒业 汽车 能源 环保 机械 电器 乳业 证券
    保险 资本 基金 研究院 大学 协会 商会 智能 光电 电源 电气 化工 高科 化学 医疗
    """)
)
_PLACE_POSTS = frozenset(words("市长 县长 区长 镇长 省长 州长 乡长"))
_AFTER_LONG = Words("江 虹 城 春 沙 鑫 丰 盈 安汽车 电科技 信科技 飞光纤")
SHORT_POSTS = frozenset("董总工局处部")
_NOT_AFTER_SHORT = {
    "总": "部投计结工体量额共之统面理经监裁",
    "工": "业程厂作人艺会商地信资期具序集机",
    "董": "事",
    "局": "长部势面",
    "处": "理长于在置",
    "部": "长门分队署件",
}
STOPS = frozenset("的了过在和与及、来去到说谈就并也已要将")


class Found:
    """A person found: the whole span in the folded text, the span of the name in it, the post when one stands beside it."""

    __slots__ = ("end", "name_end", "name_start", "post", "start")

    def __init__(self, start: int, end: int, name_start: int, name_end: int, post: str) -> None:
        self.start = start
        self.end = end
        self.name_start = name_start
        self.name_end = name_end
        self.post = post


def titled(text: str, edges: Container[int] = ()) -> list[Found]:
    """People told by a post: 王总, 李局长, 张伟总经理, 比亚迪李四总经理, 董事长曾毓群; a name may begin at `edges` too."""
    found: list[Found] = []
    index = 0
    while index < len(text):
        post = post_at(text, index)
        person = _before_post(text, index, post, edges) or _after_post(text, index, post) if post else None
        if person and (not found or person.start >= found[-1].end):
            found.append(person)
            index = person.end
        else:
            index += 1
    return found


def post_at(text: str, index: int) -> str:
    """The post that stands at `index`, or "" where its last character begins another word (亳州市长虹电器, 张总部)."""
    post = POST_WORDS.at(text, index)
    end = index + len(post)
    if not post or end >= len(text):
        return post
    cut = text[end] in _NOT_AFTER_SHORT.get(post, "") or (post[-1] == "长" and _AFTER_LONG.at(text, end))
    return "" if cut else post


def _before_post(text: str, index: int, post: str, edges: Container[int]) -> Found | None:
    if _FIRSTS.isdisjoint(text[max(index - 4, 0) : index]):
        return None
    end = index + len(post)
    if text.endswith(("公司", *NOT_SURNAMES), 0, index) or (post in SHORT_POSTS - {"总"} and post_at(text, end)):
        return None
    start = _full_name_start(text, index, post, edges)
    if start is not None:
        return Found(start, end, start, index, post)
    if text[index - 2 : index] in DOUBLE_SURNAMES and index >= 2:
        return Found(index - 2, end, index - 2, end, post)
    if text[index - 2 : index] not in NOT_NAMES and text[index - 1] in (
        COMMON if post in SHORT_POSTS - {"总"} else SURNAMES
    ):
        return Found(index - 1, end, index - 1, end, post)
    return None


def _full_name_start(text: str, index: int, post: str, edges: Container[int]) -> int | None:
    """Where the full name that ends at `index` begins; None where a surname alone, or nobody, stands before the post."""
    for start in (index - 4, index - 3):
        if start >= 0 and text[start : start + 2] in DOUBLE_SURNAMES and _is_given(text[start + 2 : index]):
            return start
    if text[index - 1] in _ONLY_SURNAMES:
        return None
    lengths = (2,) if text[max(index - 2, 0)] in _ONLY_SURNAMES else (3, 2)
    return next(
        (
            index - length
            for length in lengths
            if index >= length
            and not (text[index - 1] == "工" and text[index - length : index] in HOUSES)
            and _is_given(text[index - length + 1 : index])
            and not text.startswith(_NOT_BEGINNINGS, index - length)
            and _may_begin(text, index - length, post, edges)
        ),
        None,
    )


def _may_begin(text: str, start: int, post: str, edges: Container[int]) -> bool:
    """Whether a surname begins a name at `start`: a rare one needs an edge there or the end of a company's name."""
    if text[start] not in SURNAMES:
        return False
    edge = start in edges or _edge(text, start)
    if text[start] in COMMON:
        return edge or post not in SHORT_POSTS or post == "总"
    if post in SHORT_POSTS or post.removeprefix("副") in _PLACE_POSTS:
        return False
    return edge or any(text[start - length : start] in _COMPANY_ENDS for length in (2, 3, 4) if start >= length)


def _is_given(name: str) -> bool:
    return all(map(is_han, name)) and name not in NOT_NAMES and STOPS.isdisjoint(name) and _NOT_GIVEN.isdisjoint(name)


def _after_post(text: str, index: int, post: str) -> Found | None:
    start = index + len(post)
    surnames = SURNAMES if len(post) > 2 else COMMON
    if len(post) < 2 or text[start : start + 1] not in surnames or start >= len(text):
        return None
    for end in (start + 3, start + 2):
        if (
            end <= len(text)
            and all(is_han(char) and char not in STOPS for char in text[start:end])
            and _edge_after(text, end)
        ):
            return Found(index, end, start, end, post)
    return None


def _edge(text: str, index: int) -> bool:
    return index == 0 or not is_han(text[index - 1]) or text[index - 1] in "的与和、及请是找向给跟"


def _edge_after(text: str, index: int) -> bool:
    if index >= len(text) or not is_han(text[index]) or text[index] in STOPS:
        return True
    return bool(FOLLOWERS.at(text, index)) or text.startswith(("一行", "等"), index)


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


def has_double_surname(word: str) -> bool:
    """Whether a Chinese word is somebody's name and no company's by its surname alone: 欧阳明, 尉迟敬德; 东方日升 may be either."""
    return word[:2] in DOUBLE_SURNAMES and word[:2] != "东方" and len(word) in {3, 4}
