"""Names as they are spoken, for their order: surnames, places and words of trade have a reading of their own.

区 is Ōu in a person's name and qū elsewhere, 亳州 is Bózhōu, 银行 yínháng. What is not told here is read in its usual way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from fieldkit.store import pinyin
from fieldkit.store.tokens import folded

_UNREAD = "~"
"""Before a character that nobody reads: it stands last."""
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """`单:shàn 尉迟:yù-chí` → word → its syllables."""
    pairs = (entry.partition(":") for entry in text.split())
    return {word: tuple(reading.split("-")) for word, _, reading in pairs}


_SURNAMES = _table("""
    尉迟:yù-chí 单于:chán-yú 万俟:mò-qí 长孙:zhǎng-sūn 澹台:tán-tái 令狐:líng-hú 呼延:hū-yán 鲜于:xiān-yú 宰父:zǎi-fǔ 皇甫:huáng-fǔ
    单:shàn 仇:qiú 曾:zēng 解:xiè 查:zhā 盖:gě 区:ōu 翟:zhái 黑:hè 朴:piáo 缪:miào 乐:yuè 任:rén 华:huà 纪:jǐ 召:shào 覃:qín 隗:wěi
    繁:pó 员:yùn 贠:yùn 秘:bì 种:chóng 洗:xiǎn 佴:nài 祭:zhài 折:shé 句:gōu 阚:kàn 郇:xún 卜:bǔ 都:dū 藏:zāng 尉:wèi 重:chóng
    粘:nián 校:jiào 薄:bó 颉:xié 葛:gě 哈:hǎ 那:nā 宁:nìng 相:xiàng 占:zhān 过:guō 燕:yān 要:yāo 干:gān 番:pān 长:cháng 於:yū 宓:fú
    撒:sǎ 牟:mù 难:nìng 少:shào 适:kuò 观:guàn 炅:guì
""")
_WORDS = _table("""
    涡阳:guō-yáng 涡河:guō-hé 六安:lù-ān 蚌埠:bèng-bù 枞阳:zōng-yáng 单县:shàn-xiàn 莘庄:xīn-zhuāng 厦门:xià-mén 重庆:chóng-qìng
    长沙:cháng-shā 长春:cháng-chūn 长江:cháng-jiāng 长城:cháng-chéng 长安:cháng-ān 长三角:cháng-sān-jiǎo 长丰:cháng-fēng
    长虹:cháng-hóng 长兴:cháng-xīng 长鑫:cháng-xīn 长治:cháng-zhì 长寿:cháng-shòu 长征:cháng-zhēng 长宁:cháng-níng 长白:cháng-bái
    长葛:cháng-gě 长电:cháng-diàn 长飞:cháng-fēi 长远:cháng-yuǎn 长青:cháng-qīng 成都:chéng-dū 都市:dū-shì 首都:shǒu-dū 新都:xīn-dū
    古都:gǔ-dū 华都:huá-dū 台州:tāi-zhōu 丽水:lí-shuǐ 乐清:yuè-qīng 乐亭:lào-tíng 番禺:pān-yú 东阿:dōng-ē 铅山:yán-shān 洪洞:hóng-tóng
    浚县:xùn-xiàn 浒墅:xǔ-shù 蔚县:yù-xiàn 尉犁:yù-lí 会稽:kuài-jī 会计:kuài-jì 泌阳:bì-yáng 大城县:dài-chéng-xiàn 佛山:fó-shān
    佛冈:fó-gāng 秘鲁:bì-lǔ 牟平:mù-píng 燕山:yān-shān 燕京:yān-jīng 燕郊:yān-jiāo 黄陂:huáng-pí 筠连:jūn-lián 参茸:shēn-róng
    人参:rén-shēn 党参:dǎng-shēn 沙参:shā-shēn 丹参:dān-shēn 银行:yín-háng 行业:háng-yè 商行:shāng-háng 车行:chē-háng 分行:fēn-háng
    支行:zhī-háng 总行:zǒng-háng 农商行:nóng-shāng-háng 音乐:yīn-yuè 乐器:yuè-qì 调味:tiáo-wèi 调和:tiáo-hé 空调:kōng-tiáo
    重组:chóng-zǔ 长:cháng 成长:chéng-zhǎng 增长:zēng-zhǎng 生长:shēng-zhǎng 家长:jiā-zhǎng 都:dū 佛:fó 六合:lù-hé 解州:xiè-zhōu 厦钨:xià-wū 厦航:xià-háng
""")
_FIRSTS = frozenset(word[0] for word in (*_SURNAMES, *_WORDS))
_LONGEST = max(map(len, (*_SURNAMES, *_WORDS)))


def order_key(name: str, *, person: bool = False) -> str:
    """What puts names into the order of their sounds, then of their characters; Latin letters stand among the sounds.

    `person` says that the name begins with a surname.
    """
    return " ".join(_parts(folded(name), person=person))


def told(name: str, *, person: bool) -> dict[int, str]:
    """The places of the words that are read as is told here, and how, in letters without tones."""
    found: dict[int, str] = {}
    index = 0
    while index < len(name):
        if name[index] not in _FIRSTS:
            index += 1
            continue
        word, syllables = _read(name, index, person=person and index == 0)
        found |= {place: pinyin.without_tone(said) for place, said in enumerate(syllables, index) if said != _UNREAD}
        index += len(word)
    return found


def initials(name: str) -> str:
    """The first letters of a name as it is spoken, where some word in it is read otherwise than its characters are."""
    plain = folded(name)
    if not _word_in().search(plain):
        return ""
    parts = _parts(plain, person=False)
    return "".join([part if part.isascii() else part[0] for part in parts if not part.startswith(_UNREAD)])


@cache
def _word_in() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _WORDS)))


def _parts(name: str, *, person: bool) -> Iterator[str]:
    index, latin = 0, ""
    while index < len(name):
        char = name[index]
        if char.isascii():
            if char.isalnum():
                latin += char
            elif latin:
                yield latin
                latin = ""
            index += 1
            continue
        if latin:
            yield latin
            latin = ""
        word, syllables = _read(name, index, person=person and index == 0)
        for spelled, said in zip(word, syllables, strict=True):
            if spelled.isalnum():
                yield _with_tone(said) + spelled
        index += len(word)
    if latin:
        yield latin


def _read(name: str, index: int, *, person: bool) -> tuple[str, tuple[str, ...]]:
    """The longest word that stands at `index`, and its syllables."""
    tables = (_SURNAMES, _WORDS) if person or name[index + 1 : index + 2] == "氏" else (_WORDS,)
    for table in tables if name[index] in _FIRSTS else ():
        for length in range(min(_LONGEST, len(name) - index), 0, -1):
            if syllables := table.get(name[index : index + length]):
                return name[index : index + length], syllables
    return name[index], (pinyin.usual_reading(name[index]) or _UNREAD,)


@cache
def _with_tone(said: str) -> str:
    letters = pinyin.decomposed(said)
    tone = next((number for mark, number in _TONES.items() if mark in letters), "5")
    return pinyin.without_tone(said) + ("" if said == _UNREAD else tone)
