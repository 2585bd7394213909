"""Names as keys: what makes two spellings of a company or person the same."""

from __future__ import annotations

import unicodedata

from fieldkit.capture.simplified import NAMED
from fieldkit.capture.text import words

LEGAL = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "分公司", "子公司", "总公司", "公司")
_LEGAL_LATIN = (
    "co ltd",
    "co., ltd.",
    "limited",
    "ltd",
    "inc",
    "corp",
    "corporation",
    "company",
    "co",
    "gmbh",
    "plc",
    "ag",
    "group",
    "holdings",
)
_TRADES = words("""
    新能源科技 电子科技 信息技术 生物科技 智能科技 网络科技 科技 技术 股份 集团 控股 实业 投资 发展 制造 工业
    贸易 商贸 食品 药业 制药 医药 重工 汽车 电子 新材料 材料 新能源 能源 环保 生物
""")
PLACES = words("""
    中国 安徽省 安徽 亳州市 亳州 合肥市 合肥 上海市 上海 北京市 北京 深圳市 深圳 广东省 广东 江苏省 江苏 浙江省
    浙江 杭州 苏州 南京 广州 天津
""")


def key(text: str) -> str:
    """The normalised name: compatibility forms folded, in simplified characters and lower case, only letters and digits left."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(NAMED)
    plain = folded.lower()
    return plain if plain.isalnum() else "".join([char for char in plain if char.isalnum()])


def short_names(full: str) -> list[str]:
    """The keys by which people call a company short of its full name, longest first.

    宁德时代新能源科技股份有限公司 → 宁德时代新能源科技股份, …新能源科技, 宁德时代. The full name's own key is not among them, nor
    anything shorter than two characters.
    """
    name = _without_brackets(full)
    found = [key(name)]
    for cut in (_cut_end(name, LEGAL), _cut_end_latin(name)):
        if cut:
            found.append(key(cut))
            name = cut
    while cut := _cut_end(name, _TRADES):
        found.append(key(cut))
        name = cut
    found += [key(cut) for text in found if (cut := _cut_start(text)) and not _only_trade(cut)]
    own = key(full)
    return sorted({text for text in found if len(text) >= 2 and text != own}, key=len, reverse=True)


def bare(known: str) -> str:
    """The key of a company's name without the legal form at its end: 宁德时代股份有限公司 → 宁德时代."""
    return _cut_end(known, LEGAL) or known


def goes_by(full: str, called: str) -> bool:
    """Whether the key `called` is that of the full name of a company, or of a shorter one."""
    return called == key(full) or called in short_names(full)


def _without_brackets(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).translate(NAMED)
    for start, end in ("()", "[]"):
        while (left := folded.find(start)) >= 0 and (right := folded.find(end, left)) >= 0:
            folded = folded[:left] + folded[right + 1 :]
    return folded.strip()


def _cut_end(name: str, endings: tuple[str, ...]) -> str:
    if not name.endswith(endings):
        return ""
    for ending in endings:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return ""


def _cut_end_latin(name: str) -> str:
    words = name.lower().replace(".", " ").replace(",", " ").split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LEGAL_LATIN:
        kept.pop()
    return " ".join(kept) if kept != words else ""


def _cut_start(name: str) -> str:
    if not name.startswith(PLACES):
        return ""
    for place in PLACES:
        if name.startswith(place) and len(name) - len(place) >= 2:
            return name[len(place) :]
    return ""


def _only_trade(name: str) -> bool:
    return name in _TRADES or name in LEGAL
