"""Letters read as pinyin: the ways to cut them into syllables, and what two syllables that are often mistaken share. Pure."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

_MOST_SPELLINGS = 6
_MOST_MISSPELLINGS = 3
_MOST_MIXED = 2
_LONG_INITIALS = frozenset({"zh", "ch", "sh"})
_NO_INITIALS = frozenset("iuv")
_LONGEST_SPELLED = 64  # letters; more are never looked for
_LONGEST_INITIALS = 24  # letters; nobody types more initials of a name without a blank
_LONGEST_SYLLABLE = 6
_USUAL = 4  # what each one costs where there are many cuts, and those that seldom stand inside a word cost more
_UNUSUAL = {
    "an": 6,
    "en": 7,
    "er": 7,
    "e": 7,
    "ai": 7,
    "ao": 7,
    "ou": 7,
    "a": 12,
    "o": 12,
    "ang": 10,
    "ei": 12,
    "eng": 12,
}
_SYLLABLES = frozenset(  # every syllable of Mandarin, ü as v
    """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
    cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
    cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
    e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai
    guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia
    jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai
    kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou
    lu luan lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan
    nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan
    pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan
    que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai
    shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui
    sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei
    wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo
    yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi
    zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
    """.split()
)


@lru_cache(maxsize=4096)
def blurred(syllable: str) -> str:
    """`syllable`, or the beginning of one, without what is often mistaken: zh z, ch c, sh s, l n, ng n, v yu u."""
    if syllable[:1] in ("l", "n"):
        syllable = syllable[0] + syllable[1:].removeprefix("y").replace("v", "u")
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    elif syllable[:1] == "l":
        syllable = "n" + syllable[1:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def _beginnings(syllables: frozenset[str]) -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in syllables for length in range(1, len(syllable) + 1))


_SOUNDS = sorted({blurred(syllable) for syllable in _SYLLABLES})
_MISSPELT = frozenset(
    first + rest
    for sounds in _SOUNDS
    for first, rest in (
        (first, sounds[1:] + last)
        for first in {"z": ("z", "zh"), "c": ("c", "ch"), "s": ("s", "sh"), "n": ("n", "l")}.get(sounds[0], sounds[:1])
        for last in (("", "g") if sounds[-1] == "n" and len(sounds) > 1 else ("",))
    )
) | {first + rest for first in "ln" for rest in ("v", "ve", "yu", "yue")}
"""Every syllable, and what somebody may write for it who does not tell apart what `blurred` takes away."""


def spellings(letters: str) -> list[list[str]]:
    """The ways to read `letters` (ü may be v) as syllables, the last of which may be unfinished: as they are spelled, then misspelt.

    zhangw → zhang w; xian → xian | xi an | …; lonhu → lon hu.
    """
    letters = letters.replace("ü", "v")
    if len(letters) > _LONGEST_SPELLED:
        return []
    found = _cuts(letters, _SYLLABLES, _MOST_SPELLINGS)
    also = [cut for cut in _cuts(letters, _MISSPELT, len(found) + _MOST_MISSPELLINGS) if cut not in found]
    return [*found, *also[:_MOST_MISSPELLINGS]]


def finished(beginning: str) -> list[str]:
    """What a `blurred` beginning of a syllable may become, itself among them."""
    return [beginning, *(sounds for sounds in _SOUNDS if sounds != beginning and sounds.startswith(beginning))]


def initials(letters: str) -> str:
    """`letters` as the initials of words; empty where there are more than anybody types."""
    return letters if len(letters) <= _LONGEST_INITIALS else ""


def is_initial(part: str) -> bool:
    """Whether a part of `mixed` is the initial of a syllable and no more."""
    return len(part) == 1 or part in _LONG_INITIALS


def mixed(letters: str) -> list[list[str]]:
    """The ways to read `letters` as initials and syllables side by side, the last of which may be unfinished; fewest parts first.

    zwei → z wei; ndeshidai → n de shi dai; lixm → li x m; zhw → zh w. Initials of one letter alone are no such way.
    """
    if len(letters) > _LONGEST_SPELLED:
        return []
    ways: list[list[list[str]]] = [[[]], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - _LONGEST_SYLLABLE), end)
        reached = [
            [*read, letters[start:end]]
            for start in starts
            if _is_part(letters[start:end], unfinished=end == len(letters))
            for read in ways[start]
        ]
        ways[end] = sorted(reached, key=len)[:_MOST_MIXED]
    return [read for read in ways[-1] if len(read) > 1 and any(len(part) > 1 for part in read)]


def _is_part(letters: str, *, unfinished: bool) -> bool:
    if is_initial(letters):
        return letters[0] not in _NO_INITIALS
    return letters in _MISSPELT or (unfinished and letters in _BEGINNINGS[_MISSPELT])


def _cuts(letters: str, syllables: frozenset[str], most: int) -> list[list[str]]:
    """The likeliest few cuts into syllables: few syllables, of which few begin with a vowel inside the word."""
    ways: list[list[tuple[int, list[str]]]] = [[(0, [])], *([] for _ in letters)]
    useful = _useful_starts(letters, syllables)
    for start in sorted(useful):
        ways[start] = sorted(ways[start], key=itemgetter(0))[:most]
        ends = [end for end in _ends(letters, start, syllables) if end in useful]
        if letters[start:] in _BEGINNINGS[syllables]:
            ends.append(len(letters))
        for end in reversed(ends):
            syllable = letters[start:end]
            cost = _UNUSUAL.get(syllable, _USUAL) if start else _USUAL
            ways[end] += [(so_far + cost, [*read, syllable]) for so_far, read in ways[start]]
    return [read for _, read in sorted(ways[-1], key=itemgetter(0))[:most]] if letters else []


_BEGINNINGS = {syllables: _beginnings(syllables) for syllables in (_SYLLABLES, _MISSPELT)}


def _useful_starts(letters: str, syllables: frozenset[str]) -> set[int]:
    """The positions from which the rest can be read to its end, so that no dead end is ever followed."""
    useful: set[int] = set()
    for start in reversed(range(len(letters))):
        if letters[start:] in _BEGINNINGS[syllables] or not useful.isdisjoint(_ends(letters, start, syllables)):
            useful.add(start)
    return useful


def _ends(letters: str, start: int, syllables: frozenset[str]) -> list[int]:
    """Where a whole syllable that begins at `start` may end before the last letter, shortest first."""
    last = min(start + _LONGEST_SYLLABLE, len(letters) - 1)
    return [end for end in range(start + 1, last + 1) if letters[start:end] in syllables]
