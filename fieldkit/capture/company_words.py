"""Words of company names that the grammar would cut or take for something else: 协和, 联想, 不锈钢, 柳工."""

from __future__ import annotations

from fieldkit.capture.text import Words, words

HOUSES = frozenset(
    words("""
    王府井 张裕 马应龙 金龙鱼 王老吉 李锦记 张小泉 陈李济 徐工 许继 柳工 康佳 康师傅 方太 苏泊尔 赛力斯 安踏 李宁 海康 康宁 康美 康弘
    康恩贝 方大 方正 金蝶 金山 金龙 金发 金风 金种子 江淮 江铃 江中 石药 万科 万达 万华 万和 万向 雷士 雷沃 夏普 顾家 马士基 罗氏 罗莱
    罗技 葛兰素 史丹利 温氏 汤臣 白象 白云山 易事特 富士康 戴尔 高通 高德 华为 华润 华星 海尔 海信 海天 明阳 明泰 陶氏 毛铺 蒋记
    周黑鸭 周大福 周生生 周大生 周六福 周五福 马钢 曹操 黄鹤楼 魏桥 杜康 杜邦 贺利氏 林德 孔府 孔雀 古井 郎酒 水井坊 云南白药 安利 安井 安琪 鲁花 鲁抗
    洽洽 盼盼 全友 全柴 常熟 东方 东阿 宋河 董酒 费列罗 柯达 申通 韵达 阮氏 尚德 时风 关东 蓝思 蓝月亮 梅花 梅赛德斯 温德姆
    """)
)
"""Well-known companies whose names have the form of a person's."""
_ENDING = words("""
    协和 祥和 人和 泰和 太和 中和 永和 安和 平和 共和 温和 雍和 颐和 义和 仁和 同和 三和 德和 瑞和 信和 天和 元和 世和 顺和 家和 亿和 利和 百和
    联想 理想 思想 梦想 美的 华为 有为 大为 成就 超过 通过 直到 报到 独到 存在 自在 实在 相对 绝对 针对 校对 供给 自给 趋向 定向 方向 导向
    万向 志向 自由 理由 因为 行为 作为 普及 涉及 平等 高等 中等 重要 主要 必要 奥的 目的 惠及 埃及 电签 标签 书签 解说 小说 传说
    参与 高跟 六和 好想 畅想 创想 聚想
    """)
_BEGINNING = words("""
    和平 和谐 和记 和县 和美 和顺 和兴 和达 和信 和瑞 和佳 和田 和泰 和盛 和胜 和睦 和成 和利时 和邦 和而泰 和元 和晶 和一 和众
    不锈钢 不倒 不二 无锡 无为 无人机 无人 无线 无机 无纺 无菌 无损 无尘 无极 无水 无忧 无限 无双 再生 再制造 再升 在线 在田 过滤 过程 过氧 过山
    合作社 聊城 未来 未名 未央 签字笔 想念 想家 要素 要塞 为民 为尔 为康 为先 为辰 等离子 等温 并购 并网 并行 及时 及第 说唱 谈判
    了望 的卢 手机配件 手机壳 手机玻璃 手机零 电话机 微信支付 交流电 交流桩 交流充 确认书 介绍所 推进器 推进剂 推进系统
    现场管理 现场总线 计划生育 就业 就医 准备金 到家 到位 有意思 到店 去哪儿 去污 对外 对口 给力 给排水 给水
    后谷 后稷 向日葵 向荣 向上 向阳 由由 跟踪 聊天 签章 拟态
    """)
_TALK = Words("""
    后 里说 里讲 里提 上说 上讲 上聊 上周 上次 上午 下表 下周 下次 下午 附件 效 次 群里 群中 打不 打了 打电 一下 一起 日期 时间 地点 对象 人员 回来
    回去 归来 结束 完 着 过 派人 来人 约了 约好 说 称 讲 邀请 我 你 他 她 它 咱 自己 老朋友 老客户 老同学 老乡 老领导 老师 同号 进度 情况 请 将 把 被
    两家 几家 多家 三家 四家 五家 一家 各家 这家 那家 哪家 某 首次 再次 多次 第一次 第二次 第三次 第一步 第二步 第一天 三次 两次 一次 几次 拜访 走访 回访 会见 接待 看望 慰问
    聊 去 已 未 没 不 要 可以 需要 应该 反馈 汇报 方案 报告 材料 通知 发了 发来 转了 一是 二是 三是 四是 五是 附近 周边 邻居 朋友圈 会在 会上 会后 期间 期满
    什么 怎么 如何 为什么 是否 有没 三个 两个 几个 一个 各个 驻点 以商 委托 上门 同事 家属 亲戚 记者 专家 学者 群众 村民 市民 孩子 爱人 现有 目前
    无人 有人 新来 刚刚 刚才 继续 方便时 方便的 带队 顺便 顺道 顺路 尽快 尽早 重点 主要 详细 认真 全程 随行
""")
_TALK_ALL_THE_SAME = Words(
    "后谷 后稷 过山 说明 讲谈 他山 我爱 我乐 我家 你我 完美 完达 着色 不锈 不二 不凡 未来 未名 要塞 上午茶 已西 效果"
)
"""What begins so and may be a company's name."""
_TALK_ENDS = (
    "时间",
    "日期",
    "进度",
    "情况",
    "待定",
    "回来",
    "的事",
    "的人",
    "问题",
    "约好",
    "约定",
    "商定",
    "说好",
    "定好",
)
INNER_ENDING = Words(_ENDING)
INNER_BEGINNING = Words(_BEGINNING)


def is_talk(name: str) -> bool:
    """Whether the words go on telling and name nobody: 拜访回来, 微信上说, 一家做医疗器械."""
    if name.startswith("(") or name.count("(") != name.count(")"):
        return True
    return bool(_TALK.at(name, 0) and not _TALK_ALL_THE_SAME.at(name, 0)) or name.endswith(_TALK_ENDS)


def is_inside(name: str, index: int) -> bool:
    """Whether the small word at `index` of a line belongs to a longer one that names are made of: 协和, 联想, 再生."""
    if INNER_BEGINNING.at(name, index):
        return True
    return index > 0 and (name[index - 1 : index + 1] in INNER_ENDING or name.startswith("新希望", index - 1))
