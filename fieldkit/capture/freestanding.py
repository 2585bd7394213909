"""Words of time that are part of a name: 今日头条, 十月稻田, 上海一周科技, 周末花园.

Names that grammar alone cannot tell from dates are listed and taken out first; of the rest, what follows decides.
"""

from __future__ import annotations

from fieldkit.capture.text import GAP, Words, is_digit, is_han, words

BRANDS = words("""
    今日头条 今日资本 今天国际 明日之后 明日方舟 明日世界 明天系 明天控股 昨日重现 后天学院 十月稻田 十月妈咪
    十月天使 一周科技 周末花园 周末酒店 三月三食品 三月兔 三月天 五月天 五月花 六月雪 七月流火 八月桂花
    二月河 腊月红 三一重工 三一集团 三一重能 六国化工 一汽 七天连锁 7天酒店 7天连锁 九号公司 一点点
    一点资讯 零点有数 零点研究 零点传媒 三点一线 周大福 周大生 周黑鸭 周六福 周五福 周生生 周一围 周五味 清明上河
    谷雨春 国庆路 国庆村 五一路 五一广场 八一路 八一大道 七一路 元旦路 春节联欢 春节晚会 中秋月饼 中秋晚会
    南方周末 下周刊 年年有余 十一科技 十一冶 双十一狂欢 一亿中流 十万大山 58同城 51job 360 3m 21世纪
    一年四季 四季如春 四季青 四季沐歌 青海春天 三元锂 三元正极 三元材料 三元电池 三元前驱 三元食品 三元牛奶 三元乳业 三元股份 三元桥 三元里 重阳镇 重阳宫 重阳木 国庆镇 八一镇 七一镇 五一村 四季度酒店 十万火急 二元结构 二元论 两点论 下午茶 24/7
""")
_BY_FIRST: dict[str, tuple[str, ...]] = {}
for _brand in BRANDS:
    _BY_FIRST[_brand[0]] = (*_BY_FIRST.get(_brand[0], ()), _brand)
_JOINED = frozenset("零〇一二三四五六七八九十百千万亿两周期拜月点第")
TRADES = Words("""
    科技 食品 教育 控股 传媒 文化 花园 网络 餐饮 酒店 珠宝 茶业 服饰 家居 家纺 生态 乳业 酒业 药业 医药 药用 餐厅 影视
    影业 广告 咨询 物流 地产 置业 资本 基金 农业 生物 电子 电器 机械 重工 实业 建材 股份 母婴 天使 影院 大厦
    广场 大道 小区 公寓 新村 佳园 家园 便利店 超市 头条 之后 之星 之光 集团公司 有限公司 股份公司 投资公司 饮品
    果业 粮油 饮料 新材 制药 动力 智能 信息技术 数码 光电 能源科技 文旅 装饰 商贸 贸易 健康 生活馆 鲜生 优品
    美妆 时尚 路 街
""")
_NOT_TRADES = ("路演", "路上", "路过", "路径", "街道", "健康检查")
_LONGEST_TITLE = 40
_MET = Words("见 碰 聚 开会 签 谈 举行 召开 集合 吃 路演")
"""What is done at a place: 周五酒店见."""
_OFFICES = Words("""
    局 厅 部 处 委 园 产业 城 行业 展 类 项目 企业 办 协会 会 大会 论坛 监管 监督 中心 小镇 总监 经理
""")
FOLLOWERS = Words("""
    的 要 将 就 再 可 能 在 去 到 与 和 跟 我 他 她 对方 已 还 没 未 起 回访 回复 回来 拜访 见面 见 约 签 寄
    开工 开会 开业 召开 举行 举办 谈 洽谈 考察 参加 参观 赴 给 请 交 答复 发 完成 出发 出差 联系 电话 接待 接
    走访 送 提交 落地 投产 动工 是 有 无 又 才 也 都 等 继续 安排 组织 陪同 陪 带 做 办 拟 计划 预计 力争 确定
    或 至 过 以 放假 因 由 从 向 把 被 来访 来亳 来考察 来电 到访 会见 会面 会谈 座谈 调研 对接 跟进 推进 验收
    竣工 达产 付款 汇报 准备 下午 上午 晚上 中午 早上 傍晚 前 后 期间 内 初 底 中旬 上旬 下旬 左右 份 当天 以来
    上门 刚 回 拜年 赶 飞 休 值班 看地 看厂 看现场 看场地 看项目 去看 来看 忙完 试产 试生产 正式 全面 一起 我们 双方 市 县 区 镇 领导 公司 客户 客商 企业 项目 微信 了解 沟通 反馈 确认 研究
    嘛 吧 啊 呢 哈 讨论 审批 批复 摘牌 挂牌 拿地 交地 交付 入驻 奠基 为 均 先 会 应 需 须 可以 不 别 若 如 两天
""")
_NOT_FOLLOWERS = Words("""
    为你 在线 有约 能源 可乐 见闻 约定 接单 会所 会展 会馆 发现 发布厅 后裔 前线 前程 前景 有鱼
    起点 起航 以东 市集 公司法 县域 和风 到家 再生 在望 区块 项目部 等你 要闻 是好日 我最 送达 内外 市场
    底特 回声 回音 回忆 飞扬 飞驰 赶集 休闲
""")
_DATE_BEFORE = frozenset("于在到从自至期间定改会见访谈了")
_GIVEN = frozenset("鸣凡帆诺涵轩辰楠舟洲峰敏琳琪菲萌泽昊宸妍曦睿铭玮川然多农丁")
"""Characters that end a name of someone called 周一 or 周三 and begin no word that follows a weekday."""
_NOT_GIVEN = (
    "然后",
    "多少",
    "多次",
    "多半",
    "多人",
    "峰会",
    "敏感",
    "农业",
    "农村",
    "农历",
    "农户",
    "泽连",
    "菲律",
    "川渝",
    "铭记",
    "舟山",
    "川崎",
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋许邓冯韩曹曾彭蔡潘董袁叶蒋杜苏魏程吕丁沈姚卢傅姜崔谭廖范汪陆邱侯邹孟秦薛尹贾钱"
)
"""Surnames before a holiday's name that are hardly ever the end of another word."""
_NAME_BEFORE = frozenset("见找陪访问给跟同约请及、是与和叫")


def find_brands(text: str) -> list[tuple[int, int]]:
    """Where such names, and the titles of books and films, stand in the folded text."""
    titles = []
    index = text.find("《")
    while index >= 0:
        end = text.find("》", index)
        if 0 < end - index <= _LONGEST_TITLE:
            titles.append((index, end + 1))
        index = text.find("《", index + 1)
    return titles + [
        (index, index + len(brand))
        for index, char in enumerate(text)
        if char in _BY_FIRST
        for brand in _BY_FIRST[char]
        if text.startswith(brand, index) and _whole(text, index, brand)
    ]


def _whole(text: str, index: int, brand: str) -> bool:
    """Whether the name is not the middle of a number or date: 下周三一汽, 1360万."""
    before = text[index - 1] if index else " "
    after = text[index + len(brand) : index + len(brand) + 1] or " "
    if is_digit(brand[0]):
        return not (
            (before.isalnum() and before.isascii())
            or before in ".,-¥$"
            or (after.isascii() and after.isalnum())
            or after in ".万亿元-亩吨人台个套%"
        )
    return len(brand) > 3 or before not in _JOINED


def stands_free(text: str, start: int, end: int, weak: int) -> bool:
    """Whether words of time that names are made of (see `Day.weak`) are meant as time here."""
    if weak == 0:
        return True
    if weak == 4:
        return False
    if weak == 3:
        return _alone(text, start, end)
    if weak == 2:
        return _plain_follower(text, end) and not _is_full_name(text, start, end)
    if (text[start] == "周" and _is_given_name(text, start, end)) or _is_full_name(text, start, end):
        return False
    trade = "" if text.startswith(_NOT_TRADES, end) else TRADES.at(text, end)
    after = end + len(trade)
    return not trade or bool(_OFFICES.at(text, after)) or (after < len(text) and bool(_MET.at(text, after)))


def _is_given_name(text: str, start: int, end: int) -> bool:
    """周一鸣: one more character makes it someone's name."""
    if text[end : end + 1] in _GIVEN and not text.startswith(_NOT_GIVEN, end):
        return True
    alone = end < len(text) and is_han(text[end]) and (end + 1 == len(text) or not is_han(text[end + 1]))
    return alone and (start == 0 or not is_han(text[start - 1])) and not FOLLOWERS.at(text, end)


def _is_full_name(text: str, start: int, end: int) -> bool:
    """李国庆, 孙立春: a surname with an edge before it makes someone's name of two characters."""
    if end - start != 2 or not start or text[start - 1] not in _SURNAMES:
        return False
    return start == 1 or not is_han(text[start - 2]) or text[start - 2] in _NAME_BEFORE


def _plain_follower(text: str, end: int) -> bool:
    if end >= len(text) or not text[end].isalnum() or is_digit(text[end]):
        return True
    if _NOT_FOLLOWERS.at(text, end) or TRADES.at(text, end):
        return False
    return bool(FOLLOWERS.at(text, end))


def _alone(text: str, start: int, end: int) -> bool:
    """12.3, 12/3: not a decimal, a ratio, a version or a part of a code."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before.isalnum() and before not in _DATE_BEFORE and not ("/" in text[start:end] and FOLLOWERS.at(text, end)):
        return False
    if not after or after in " ,;。、!?)(:" or after == GAP:
        return after not in {",", ":"} or not is_digit(text[end + 1 : end + 2] or "x")
    return bool(FOLLOWERS.at(text, end)) or after in {"号", "日"}
