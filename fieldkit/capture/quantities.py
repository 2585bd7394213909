"""Numbers that count other things than money: 120亩, 3万吨, 2亿只, 100万千瓦时."""

from __future__ import annotations

from fieldkit.capture.text import Words, is_latin, skip_space

MEASURES = Words("""
    平方公里 平方米 平方 平米 立方米 立方 公里 千米 公顷 亩 吨 公斤 千克 克 斤 升 米 人 名 户 台 套 件 只 个 辆
    条 张 座 栋 幢 间 层 家 项 期 次 倍 度 千瓦 瓦 兆瓦 安时 伏 头 羽 尾 株 棵 箱 标箱 瓶 盒 袋 支 枚 片 颗 粒
    卷 册 份 字 年 岁 天 小时 分钟 秒 里 步 用户 平 粉丝 单 笔 股 票 种 款 级 桶 罐 锭 匹 双 副 床 方 公升 毫升 帧
    千伏 千安 标准 标煤 会员 日活 多人 多台 多亩 多吨 多平 余人 余亩 余台 余吨 余平 余家 多家 多户 余户 点 条线
    颗芯 芯 像素 % ‰ m2 m3 kw mw gw kwh mwh gwh km kg mm cm gb tb t pcs sets units people tons tonnes square
    jobs workers employees users mu vehicles
""")
_NOT_MEASURES = Words("""
    年底 年内 年初 年前 单位 级别 人民币 项目 人工 人才 家里 家族 股权 股份 股东 条件 张总 度假 平台 平均 平时 平安 期间 方案 方总
    方面 天使 个人 名义 名下 单独 次日 层面 款项 款已 票据 支持 支付 台币 套现 年产 里面 双方 点名
""")


def is_quantity(text: str, index: int) -> bool:
    """Whether a unit of something other than money stands at `index`; a space may part it from the number in Latin only."""
    spaced = skip_space(text, index)
    word = MEASURES.at(text, spaced)
    if not word or _NOT_MEASURES.at(text, spaced):
        return False
    if is_latin(word[0]):
        return not is_latin(text[spaced + len(word) : spaced + len(word) + 1] or " ")
    return spaced == index or len(word) > 1 or word in {"亩", "吨", "人", "台"}
