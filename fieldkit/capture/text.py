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
    "讓顧壓緊慮歲憑據傢隻隨樣樂銀飯塊裡裏體製飲鋼鐵銅鋁鋰寧偉創雲鳳華豐興強剛軍靜麗蘭紅綠藍環態牆橋滬貴陝遼黨組協絡調測試驗檢術習識論證請講說讀譯"
    "費贈賬賺輕較輪轉邊遠連適選邁鄰釋鋪錄錢錦鍋鎖鏈鏡門閉閘閣階險隱雜離難雞霧靈順領顏願類顯飛餅騎驅魚鮮鳥鹽麥齒龜倉偵側傷價優償兒冊凍凱劇劑勢匯卻"
    "問啟喬嚴圍圖堅執報壞壯聲夠夢夾奮奧婦媽實寬寶將專尋屆屬岡島峽帳帶庫廢廬彈彙徑徵恆悅惡愛憲懷戰戲拋採掃揚換揮損搖撥擁擇擊擴擺攜攝敵斷晉暢暫條構"
    "槍標樹檔櫃權歡歸殘殺漢決況淨淺減溝滅漲漸潔澤濟濤濱灣災為烏煙熱爭爾牽狀獎獨獲瑪畢畫異療盜盡監盤眾睏礎禍稱穩積窩競筆築簡籃籌粵糧糾紀紙級納純紗"
    "結綜維練緩編縮績繼續義聽肅臨與舉艦藝蘆蟲衛裝補複視親覺覽觸訊討訓訴診詢詳誠誤課諾謀護譽變豬貓貝貢販賀賞賠賢趕趨跡踐軌軟載輔輝輸違遊遞遲郵釀釣"
    "鈔鈦鈉鋒錯鍵鑒閃閱闆雖響頁頂頓頗頻風養駕騰鬆鬧麵黴曬迴傑倫薩藺衝魯鮑嶽塵墾嬌嶺嶼巖幟廟揀撐攤曉棟榮橫欄氫洩湊滙漿瀾爐燈燒爺牀犧璣瓊甌疊癮皺睜"
    "碩磚祿禦竊籤絲綁綿緯繡繩纖罷羈翹聰膚膠臉莊萊蓋蝦蠟衞襯覓詞詩誌諮謎豔貼贛躍軸輯轄轎辯遷釘鈴鉅銘鋅錶鍛鎢鏟鑄鑽閩闊霽鞏韌頒頸顆飼飾餵驢鬥鯨鵬鷹"
    "麼"
)
_SIMPLIFIED = (
    "周礼点号后个万亿两几时钟钟开见访电话联系总长项签约会谈贰叁陆圆旧历历农阴阳节腊闰国庆劳动圣诞内间数过这们关于业额资产税发债贷还际给缴复复确认"
    "现场驻托绍进线准审达规统营搁终团队单区头来无东书记员师处县镇乡厂帮买卖车辆吨亩层楼对传学医药园厅馆齐满从应当须惊蛰谷种币欧韩镑卢铢经设备议题"
    "导办广拟计划刘陈张赵黄吴杨马郑孙许邓冯叶苏蒋贾邹阎龙赖龚萧谭范谢罗韦观户务脑机网销购财质储货运辞职胜负极气温闻订贸渔纺织针余双干预担责写该谁"
    "让顾压紧虑岁凭据家只随样乐银饭块里里体制饮钢铁铜铝锂宁伟创云凤华丰兴强刚军静丽兰红绿蓝环态墙桥沪贵陕辽党组协络调测试验检术习识论证请讲说读译"
    "费赠账赚轻较轮转边远连适选迈邻释铺录钱锦锅锁链镜门闭闸阁阶险隐杂离难鸡雾灵顺领颜愿类显飞饼骑驱鱼鲜鸟盐麦齿龟仓侦侧伤价优偿儿册冻凯剧剂势汇却"
    "问启乔严围图坚执报坏壮声够梦夹奋奥妇妈实宽宝将专寻届属冈岛峡帐带库废庐弹汇径征恒悦恶爱宪怀战戏抛采扫扬换挥损摇拨拥择击扩摆携摄敌断晋畅暂条构"
    "枪标树档柜权欢归残杀汉决况净浅减沟灭涨渐洁泽济涛滨湾灾为乌烟热争尔牵状奖独获玛毕画异疗盗尽监盘众困础祸称稳积窝竞笔筑简篮筹粤粮纠纪纸级纳纯纱"
    "结综维练缓编缩绩继续义听肃临与举舰艺芦虫卫装补复视亲觉览触讯讨训诉诊询详诚误课诺谋护誉变猪猫贝贡贩贺赏赔贤赶趋迹践轨软载辅辉输违游递迟邮酿钓"
    "钞钛钠锋错键鉴闪阅板虽响页顶顿颇频风养驾腾松闹面霉晒回杰伦萨蔺冲鲁鲍岳尘垦娇岭屿岩帜庙拣撑摊晓栋荣横栏氢泄凑汇浆澜炉灯烧爷床牺玑琼瓯叠瘾皱睁"
    "硕砖禄御窃签丝绑绵纬绣绳纤罢羁翘聪肤胶脸庄莱盖虾蜡卫衬觅词诗志咨谜艳贴赣跃轴辑辖轿辩迁钉铃巨铭锌表锻钨铲铸钻闽阔霁巩韧颁颈颗饲饰喂驴斗鲸鹏鹰"
    "么"
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
