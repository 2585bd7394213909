"""A store as large as a city's: companies with the names and codes that companies have, visit notes of 300 characters."""

import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

WORDS = (
    "拜访 走访 会见 接待 电话 沟通 考察 对接 介绍 洽谈 企业 公司 项目 厂房 用地 园区 投资 设备 产能 产值 税收 政策 补贴 人才 技术 研发 生产 基地 总部 "
    "上市 融资 股东 董事长 总经理 副总 主任 局长 供应链 上游 下游 客户 订单 市场 华东 全国 出口 电池 正极 负极 隔膜 电解液 储能 光伏 组件 逆变器 氢能 "
    "整车 零部件 电机 电控 农机 环卫 装备 机器人 芯片 封装 测试 传感器 显示 面板 中药 饮片 白芍 菊花 丹皮 提取 制剂 保健 医疗 器械 白酒 粮油 面粉 "
    "预制菜 冷链 物流 仓储 纺织 服装 家纺 印染 环保 固废 污水 再生 塑料 铝材 钢构 装配 建材 家居 文旅 景区 酒店 影视 数据 算力 软件 云计算 平台 直播 "
    "希望 表示 需要 尽快 明确 答复 协调 解决 安排 实地 看看 比较 满意 担心 用工 成本 电价 气价 蒸汽 环评 能耗 指标 审批 手续 签约 落地 开工 投产 达产 "
    "下周 月底 年底 明年 上半年 一期 二期 计划 总投资 固定资产 设备投资 建设 周期 回访 再约 寄 资料 方案 合同 框架 协议 意向 目前 正在 已经 还没有 "
    "的 了 在 和 与 对 把 由 从 到 将 并 但 也 都 就 还 又 不 是 有 说 要 会 可以 如果 因为 所以 而且 其中 关于 以及 方面 情况 问题 工作 时间"
).split()
CITIES = "上海 北京 深圳 苏州 杭州 宁波 无锡 南京 合肥 武汉 成都 重庆 东莞 佛山 常州 温州 嘉兴 福建 江苏 浙江 广东 安徽 山东 亳州".split()
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国志文玉兰萍红鑫宇浩婷雪飞鹏辉玲斌琴波凯丹颖倩晨欣怡佳俊峰博昊然睿哲轩子涵梓晗思远"
TRADES = "新能源科技 电子科技 智能装备 生物医药 新材料 环保科技 食品 药业 汽车零部件 信息技术 物流 纺织 服装 机械 精密制造 半导体 文化旅游 建筑材料 农业发展 医疗器械".split()
ENDS = "有限公司 有限公司 有限公司 股份有限公司 集团有限公司".split()
OWN = (
    "安邦宝北贝本比滨博昌超辰诚驰创春达大丹德东方飞丰福富港格冠光广国海航合和恒红宏鸿华辉汇惠吉佳嘉建江捷金锦京晶景九久巨聚君骏凯康科坤兰乐力立利联良龙隆鲁茂美"
    "民明铭牧南宁诺鹏平普齐奇启千乾青清庆泉荣瑞润森山尚盛胜世双顺泰腾天田通同万旺威维伟沃五西先祥翔新鑫信兴雄旭轩雅亚阳益银英盈永优友宇裕元源远悦越云泽展长正志中众珠卓子"
)
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 300
_COMMON = "".join(bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA))


def company_name(rng: random.Random) -> str:
    """A place, a made-up name of two or three characters, a trade, a legal form."""
    own = "".join(rng.choices(OWN, k=rng.choice((2, 2, 3))))
    return f"{rng.choice(CITIES)}{own}{rng.choice(TRADES)}{rng.choice(ENDS)}"


def credit_code(rng: random.Random) -> str:
    """Eighteen characters as a unified social credit code has them, without a care for the last one."""
    return f"91{rng.choice((11, 31, 32, 33, 34, 35, 44))}{rng.randint(0, 9999):04d}" + "".join(rng.choices(CODE, k=10))


def person(rng: random.Random) -> str:
    """A name of two or three characters."""
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


def phone(rng: random.Random) -> str:
    """A mobile number."""
    return f"1{rng.choice('3578')}{rng.randint(0, 999_999_999):09d}"


def note(rng: random.Random, company: str) -> str:
    """A visit note of LENGTH characters: words, names, amounts, a phone number, and now and then a rare character."""
    parts = [f"拜访{company} @{person(rng)} {phone(rng)} {rng.randint(2, 90) / 2}亿 #{rng.choice(WORDS)} "]
    length = len(parts[0])
    while length < LENGTH:
        chance = rng.random()
        if chance < 0.04:
            part = f"{rng.randint(1, 500)}{rng.choice(('亩', '万', '人', '号厂房', '%'))}"
        elif chance < 0.10:
            part = "".join(rng.choices(_COMMON, k=2))
        else:
            part = "".join(rng.choices(WORDS, k=rng.randint(2, 5))) + rng.choice(",,,。;")
        parts.append(part)
        length += len(part)
    return "".join(parts)[:LENGTH]


def store(home: Path, companies: int, visits: int, *, seed: int = 1) -> str:
    """A new store in `home` with so many records through plain SQL, not yet indexed; its path."""
    from fieldkit.locations import Locations
    from fieldkit.store.connection import Transaction, open_writer
    from fieldkit.store.schema import ensure_current

    path = Locations(str(home)).store
    ensure_current(path)
    rng = random.Random(seed)
    names = [company_name(rng) for _ in range(companies)]
    ids = [_id(1_760_000_000_000 + number, rng) for number in range(companies)]
    with closing(open_writer(path)) as connection, Transaction(connection):
        _insert(
            connection,
            "companies",
            (
                {"id": record_id, "name": name, "uscc": credit_code(rng), "region": rng.choice(CITIES)}
                for record_id, name in zip(ids, names, strict=True)
            ),
        )
        _insert(
            connection,
            "visits",
            (
                {
                    "id": _id(1_770_000_000_000 + number, rng),
                    "text": note(rng, names[number % companies]),
                    "company_id": ids[number % companies],
                    "visited_on": str(date(2026, 11, 23) - timedelta(days=rng.randint(0, 700))),
                }
                for number in range(visits)
            ),
        )
    return path


def _id(millis: int, rng: random.Random) -> str:
    from fieldkit.ids import uuid7

    return uuid7(millis, rng.randbytes(10))


def _insert(connection: sqlite3.Connection, kind: str, rows: Iterable[dict[str, str]]) -> None:
    columns = connection.execute(f"PRAGMA table_info({kind})").fetchall()
    blank = {column["name"]: "" if column["notnull"] else None for column in columns} | {"deleted": 0}
    blank |= {"created_at": "2026-11-23T01:00:00.000+00:00"}
    names, marks = ", ".join(blank), ", ".join("?" * len(blank))
    connection.executemany(
        f"INSERT INTO {kind} ({names}) VALUES ({marks})", (tuple((blank | row).values()) for row in rows)
    )
