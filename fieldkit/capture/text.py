"""The typed line folded for reading, with the way back to what was typed."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

GAP = "\0"
"""Stands in a masked line where something has been read already: no word reaches across it."""

_TRADITIONAL = (
    "週禮點號後個萬億兩幾時鐘鍾開見訪電話聯繫總長項簽約會談貳參陸圓舊歷曆農陰陽節臘閏國慶勞動聖誕內間數過這們關於業額資產稅發債貸還際給繳復覆確認"
    "現場駐託紹進線準審達規統營擱終團隊單區頭來無東書記員師處縣鎮鄉廠幫買賣車輛噸畝層樓對傳學醫藥園廳館齊滿從應當須驚蟄穀種幣歐韓鎊盧銖經設備議題"
    "導辦廣擬計劃劉陳張趙黃吳楊馬鄭孫許鄧馮葉蘇蔣賈鄒閻龍賴龔蕭譚範謝羅韋觀戶務腦機網銷購財質儲貨運辭職勝負極氣溫聞訂貿漁紡織針餘雙幹預擔責寫該誰"
    "讓顧壓緊慮歲憑據傢隻隨樣樂銀飯"
)
_SIMPLIFIED = (
    "周礼点号后个万亿两几时钟钟开见访电话联系总长项签约会谈贰叁陆圆旧历历农阴阳节腊闰国庆劳动圣诞内间数过这们关于业额资产税发债贷还际给缴复复确认"
    "现场驻托绍进线准审达规统营搁终团队单区头来无东书记员师处县镇乡厂帮买卖车辆吨亩层楼对传学医药园厅馆齐满从应当须惊蛰谷种币欧韩镑卢铢经设备议题"
    "导办广拟计划刘陈张赵黄吴杨马郑孙许邓冯叶苏蒋贾邹阎龙赖龚萧谭范谢罗韦观户务脑机网销购财质储货运辞职胜负极气温闻订贸渔纺织针余双干预担责写该谁"
    "让顾压紧虑岁凭据家只随样乐银饭"
)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_SIMPLER = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
_ALIKE = {
    "—": "-",
    "–": "-",
    "―": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "∼": "~",
    "〜": "~",
    "￥": "¥",
    "○": "〇",
    "\u3000": " ",
    "\xa0": " ",
    "\t": " ",
}


def _plain(char: str) -> str:
    return _ALIKE.get(char) or unicodedata.normalize("NFKC", char).replace(GAP, " ")


def _lower(char: str) -> str:
    small = char.lower()
    return small if len(small) == 1 else char


class Line:
    """One typed line.

    `raw` is the text as typed. `plain` is its compatibility form (NFKC, character by character), `folded` the same
    in lower case and simplified characters; both have equal length. `folded` is what the grammar reads.
    """

    __slots__ = ("_at", "folded", "has_letters", "plain", "raw")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._at: Sequence[int] = range(len(raw) + 1)
        if raw.isascii():
            self.plain = raw.replace(GAP, " ").replace("\t", " ")
            self.folded = self.plain.lower()
            self.has_letters = not _LETTERS.isdisjoint(self.folded)
            return
        parts = [char if "\u4e00" <= char <= "\u9fff" or " " <= char <= "~" else _plain(char) for char in raw]
        self.plain = "".join(parts)
        if len(self.plain) != len(raw) or "" in parts:
            self._at = [index for index, part in enumerate(parts) for _ in part] + [len(raw)]
        self.folded = "".join([_SIMPLER.get(char) or _lower(char) for char in self.plain])
        self.has_letters = not _LETTERS.isdisjoint(self.folded)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that `folded[start:end]` (not empty) was read from."""
        return self._at[start], self._at[end - 1] + 1

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The same folded span without white space at its ends."""
        while start < end and self.folded[start].isspace():
            start += 1
        while end > start and self.folded[end - 1].isspace():
            end -= 1
        return start, end


def mask(text: str, start: int, end: int) -> str:
    """The text with one span taken out of reading; its length stays."""
    return text[:start] + GAP * (end - start) + text[end:]


def is_han(char: str) -> bool:
    """Whether the character is a Chinese one."""
    return "\u3400" <= char <= "\u9fff" or char == "〇"


def is_latin(char: str) -> bool:
    """Whether the character is an ASCII letter (folded: lower case)."""
    return "a" <= char <= "z" or "A" <= char <= "Z"


def is_digit(char: str) -> bool:
    """Whether the character is an ASCII digit (full-width ones are ASCII once folded)."""
    return "0" <= char <= "9"


def words(table: str) -> tuple[str, ...]:
    """The words of a text with white space between them."""
    return tuple(table.split())


def phrases(table: str) -> tuple[str, ...]:
    """The phrases of a text with commas between them; a space at the end of one counts."""
    return tuple([phrase.removeprefix(" ") for phrase in table.split(",")])


class Words:
    """A table of words to look for at a place in a text."""

    __slots__ = ("_firsts", "_longest", "_words")

    def __init__(self, table: str | Iterable[str]) -> None:
        """`table`: the words, or one text with white space between them."""
        self._words = frozenset(words(table) if isinstance(table, str) else table)
        self._firsts = frozenset([word[0] for word in self._words])
        self._longest = max(map(len, self._words))

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def at(self, text: str, index: int) -> str:
        """The longest of the words that stands at `index`, or ""."""
        if index >= len(text) or text[index] not in self._firsts:
            return ""
        for end in range(min(index + self._longest, len(text)), index, -1):
            if text[index:end] in self._words:
                return text[index:end]
        return ""


def latin_word(text: str, start: int) -> tuple[str, int]:
    """The run of ASCII letters at `start`, perhaps empty, and where it ends."""
    end = start
    while end < len(text) and is_latin(text[end]):
        end += 1
    return text[start:end], end


def starts(text: str, index: int, words: tuple[str, ...]) -> str:
    """The first of `words` that stands at `index`, or "". Give longer words first."""
    if not text.startswith(words, index):
        return ""
    for word in words:
        if text.startswith(word, index):
            return word
    return ""


def word_in(text: str, start: int, table: Container[str], longest: int) -> str:
    """The longest word of `table` that stands at `start`, of at most `longest` characters, or ""."""
    for length in range(min(longest, len(text) - start), 0, -1):
        if text[start : start + length] in table:
            return text[start : start + length]
    return ""


def word_start(text: str, index: int) -> int:
    """Where the run of letters, digits and Chinese characters that ends at `index` begins."""
    while index and (text[index - 1].isalnum() or text[index - 1] in "-()+."):
        index -= 1
    return index


def skip_space(text: str, index: int) -> int:
    """The index past one space, if there is one."""
    return index + 1 if text.startswith(" ", index) else index


def at_boundary(text: str, index: int) -> bool:
    """Whether nothing that could belong to a word or number stands at `index`."""
    return not 0 <= index < len(text) or not text[index].isalnum()
