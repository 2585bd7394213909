"""A typed query as words, each with the full-text expression that finds it. Pure; no text makes an invalid expression."""

from __future__ import annotations

from fieldkit.store.documents import PINYIN
from fieldkit.store.tokens import folded, is_run, tokens

LONGEST_QUERY = 200  # characters that are looked at
MOST_WORDS = 12
SHORTEST_TAIL = 3  # digits
_MOST_SPELLINGS = 6
_LONGEST_SPELLED = 24  # letters; nobody types more of a name without a blank
_LONGEST_SYLLABLE = 6
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
_BEGINNINGS = frozenset(syllable[:length] for syllable in _SYLLABLES for length in range(1, len(syllable) + 1))


class Term:
    """One word of a query: an FTS5 `expression`, and the digits backwards where it can be the `tail` of a phone number."""

    __slots__ = ("expression", "tail")

    def __init__(self, expression: str, tail: str = "") -> None:
        self.expression = expression
        self.tail = tail


def terms(query: str) -> list[Term]:
    """The words of `query`, separated by blanks; what holds neither letter nor digit is no word."""
    words = (tokens(word) for word in folded(query[:LONGEST_QUERY]).split())
    return [_term(word) for word in words if word][:MOST_WORDS]


def _term(word: list[str]) -> Term:
    whole = _phrase(word)
    tail = word[0][::-1] if len(word) == 1 and word[0].isdecimal() and len(word[0]) >= SHORTEST_TAIL else ""
    if not any(map(_spells, word)):
        return Term(whole, tail)
    pieces = [_piece(piece) for piece in _pieces(word)]
    return Term(pieces[0] if len(pieces) == 1 else f"({whole} OR ({' AND '.join(pieces)}))")


def _pieces(word: list[str]) -> list[list[str]]:
    """The word cut before and after each run of letters: 张w → 张 | w."""
    pieces: list[list[str]] = [[]]
    for token in word:
        if _spells(token):
            pieces += [[token], []]
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _piece(piece: list[str]) -> str:
    if not _spells(piece[0]):
        return _phrase(piece)
    spelled = [_phrase([PINYIN + part for part in parts], begun=True) for parts in spellings(piece[0])]
    return f"({' OR '.join([_phrase(piece), *spelled])})"


def _spells(token: str) -> bool:
    return token.isascii() and token.isalpha()


def _phrase(words: list[str], *, begun: bool = False) -> str:
    """The words on end; the last one may be typed in part where it is a run of letters or digits, or `begun` pinyin."""
    return f'"{" ".join(words)}"{" *" if begun or is_run(words[-1]) else ""}'


def spellings(letters: str) -> list[list[str]]:
    """The ways to read `letters` as syllables, the last of which may be unfinished, and as the initials of words.

    ndsd → n d s d; zhangw → zhang w; xian → xian | xi an | ….
    """
    if len(letters) > _LONGEST_SPELLED:
        return []
    return [*_syllables(letters), list(letters)]


def _syllables(letters: str) -> list[list[str]]:
    """The first few cuts into syllables, longest syllables first."""
    found: list[list[str]] = []
    ways: list[tuple[list[str], int]] = [([], 0)]
    useful = _useful_starts(letters)
    while ways and len(found) < _MOST_SPELLINGS:
        read, start = ways.pop()
        if letters[start:] in _BEGINNINGS:
            found.append([*read, letters[start:]])
        ways += [([*read, letters[start:end]], end) for end in _ends(letters, start) if end in useful]
    return found


def _useful_starts(letters: str) -> set[int]:
    """The positions from which the rest can be read to its end, so that no dead end is ever followed."""
    useful: set[int] = set()
    for start in reversed(range(len(letters))):
        if letters[start:] in _BEGINNINGS or not useful.isdisjoint(_ends(letters, start)):
            useful.add(start)
    return useful


def _ends(letters: str, start: int) -> list[int]:
    """Where a whole syllable that begins at `start` may end before the last letter, shortest first."""
    last = min(start + _LONGEST_SYLLABLE, len(letters) - 1)
    return [end for end in range(start + 1, last + 1) if letters[start:end] in _SYLLABLES]
