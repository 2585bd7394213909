"""What can be the name of a company: its legal form and its trade, where it ends, and which words are none."""

from __future__ import annotations

from fieldkit.capture.company_words import is_inside, is_talk
from fieldkit.capture.numbers import STARTS as NUMERALS
from fieldkit.capture.numbers import digits_end
from fieldkit.capture.people import NOT_NAMES, POSTS
from fieldkit.capture.quantities import is_quantity
from fieldkit.capture.text import Words, is_digit, is_han, is_latin, words

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
    看项目 看样 样品 设备 消息 结果 时间 人员 专班 镇里 办公室 总部 工厂 厂区 车间 展会 饭局 对面 大厅 这里 那里
    """)
)
GROUPS = words("考察团 代表团 一行人 一行 客商 团队 考察组 调研组 负责人 代表 高管 总部 公司总部")
_GROUP_WORDS = Words(GROUPS)
_STOPS = Words("""
    的 了 过 就 关于 并 商谈 洽谈 谈 聊 介绍 推介 汇报 对接 讨论 沟通 考察 参观 表示 希望 计划 拟 准备 在 来亳 来访 反馈
    说 时间 待定 日期 提出 负责 陪同 参加 调研 和 与 及 等 现场 再 一起 共同 投资 总投资 回访 商讨 交流 座谈 推进 落实 确认 签 为
    有意 想 要 已 未 没 不 无 前往 电话 微信 手机 见面 会谈 通话 通电话 打电话 合作 拜访 走访 会见 接待 看望 慰问 约见 联系
""")
_PLACES = ("市", "县", "区", "镇", "乡", "村", "省")
_COUNTED = frozenset(words("企业 公司 客户 工厂 项目 客商"))


def is_name(name: str) -> bool:
    """Whether the words can name a company: not too short or long, not a common word, not a count (3家企业, 企业5家)."""
    if not 2 <= len(name.strip()) <= LONGEST or name.endswith("项目"):
        return False
    if name in GENERIC or name in NOT_NAMES or name in POSTS or is_talk(name):
        return False
    if name[:2] in _COUNTED and name[2:3] in NUMERALS:
        return False
    end = digits_end(name, 0)
    return end == 0 or (end < len(name) and not is_quantity(name, end) and name[end] != "号")


def name_end(text: str, start: int) -> int:
    """Where the name that begins at `start` ends: after its legal form, before a small word, a verb or a delegation."""
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
        if (_STOPS.at(text, end) or _GROUP_WORDS.at(text, end)) and not is_inside(text, end):
            break
        end += 1
    return end


def is_place(name: str) -> bool:
    """Whether a place stands before 的: 谯城区十九里镇的福林药业."""
    return name in GENERIC or (name.endswith(_PLACES) and not name.endswith("社区") and len(name) > 2)
