"""Search at every keystroke over 100,000 companies and 100,000 visits of 300 characters, beside LIKE and FTS5 trigram.

Recall is told against LIKE for pieces of one to four characters, the index's size against its text, and how long
`fieldkit doctor --reindex` takes. `find-million` does the same with half a million of each.
"""

import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import archive
import sample

GOAL, GOAL_MILLION = 5.0, 50.0
PAGE = 50
PIECES = 200
TODAY = date(2026, 11, 25)
SPELLED = "ningbo hefei shidai dianchi zhangw nanjing xinnengyuan bozhou ndsd xnykj hfxc zangwei suzou linbo nanjin zwei nbshidai zhw".split()
LINES = (
    "电池 投资",
    "厂房 2.5亿",
    "签约 120亩",
    "张伟 回访",
    "类型:拜访 储能",
    "kind:companies 科技",
    "本周 电池",
    "本周 宁德",
    "今天 公司",
    "#芯片",
)


def run() -> None:
    """100,000 of each."""
    _measure(100_000, GOAL)


def run_million() -> None:
    """A million rows."""
    _measure(500_000, GOAL_MILLION)


def _measure(count: int, goal: float) -> None:
    print(f"\nsearch in {count:,} companies and {count:,} visits of {archive.LENGTH} characters")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = archive.store(home, count, count)
        sample.fieldkit(home, "doctor", "--reindex")
        start = time.perf_counter()
        sample.fieldkit(home, "doctor", "--reindex")
        print(f"  doctor --reindex            {time.perf_counter() - start:6.1f} s   goal 60")
        _print_size(path)
        with closing(_trigram(home, path)) as trigram, closing(_reader(path)) as reader:
            _print_recall(reader, random.Random(3))
            _print_times(reader, trigram, random.Random(2), goal)


def _reader(path: str) -> sqlite3.Connection:
    from fieldkit.store.connection import open_reader

    return open_reader(path)


def _print_times(reader: sqlite3.Connection, trigram: sqlite3.Connection, rng: random.Random, goal: float) -> None:
    from fieldkit.store import search

    def ours(query: str) -> object:
        return search.find(reader, query, limit=PAGE, today=TODAY)

    typed = {
        name: [keys for text in texts for keys in _keystrokes(text)] for name, texts in _texts(reader, rng).items()
    }
    ours("宁")
    peers: dict[str, Callable[[str], object]] = {
        "LIKE": lambda query: _like(reader, query),
        "trigram": lambda query: _by_trigram(reader, trigram, query),
    }
    times: dict[str, list[float]] = {"fieldkit": [], "fieldkit, where LIKE can": [], **{name: [] for name in peers}}
    for kind, queries in typed.items():
        mine = [_timed(ours, query) for query in queries]
        times["fieldkit"] += mine
        _print_line(f"  {kind}", mine)
        if kind not in ("pinyin", "words and filters"):
            some = rng.sample(range(len(queries)), min(40, len(queries)))
            times["fieldkit, where LIKE can"] += [mine[at] for at in some]
            for name, ask in peers.items():
                times[name] += [_timed(ask, queries[at]) for at in some]
    for name, values in times.items():
        within = sum(value <= goal for value in values) / len(values)
        _print_line(
            name, values, f"   {within:4.0%} within {goal:.0f} ms" + (", goal 95%" if name == "fieldkit" else "")
        )


def _texts(reader: sqlite3.Connection, rng: random.Random) -> dict[str, list[str]]:
    """What somebody types, by sort."""
    companies = [dict(row) for row in reader.execute("SELECT name, uscc FROM companies ORDER BY id LIMIT 5000")]
    visits = [row["text"] for row in reader.execute("SELECT text FROM visits ORDER BY id DESC LIMIT 5000")]
    some = rng.sample(companies, 20)
    numbers = [found[0] for text in rng.sample(visits, 20) if (found := re.search(r"1\d{10}", text))]
    starts = [(text, rng.randrange(40, archive.LENGTH - 8)) for text in rng.sample(visits, 20)]
    return {
        "names": [row["name"][: rng.randint(4, 8)] for row in some],
        "pieces of notes": [text[start : start + rng.randint(2, 5)] for text, start in starts],
        "phones and their tails": [part for number in numbers for part in (number[-4:], number)],
        "credit codes and parts": [
            part for row in some[:8] for part in (row["uscc"], row["uscc"][-6:], row["uscc"][6:12])
        ],
        "pinyin": SPELLED,
        "words and filters": list(LINES),
    }


def _keystrokes(text: str) -> Iterator[str]:
    return (text[:end] for end in range(1, len(text) + 1))


def _timed(ask: Callable[[str], object], query: str) -> float:
    start = time.perf_counter()
    ask(query)
    return (time.perf_counter() - start) * 1000


def _print_line(name: str, values: list[float], more: str = "") -> None:
    ordered = sorted(values)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"  {name:<28} p50 {statistics.median(ordered):6.1f}   p95 {p95:6.1f}   max {ordered[-1]:6.1f} ms"
        f"   {len(ordered):4} keystrokes{more}"
    )


def _like(reader: sqlite3.Connection, query: str) -> object:
    pattern = f"%{query}%"
    return [
        reader.execute(statement, (pattern, PAGE)).fetchall()
        for statement in (
            "SELECT id FROM visits WHERE text LIKE ? ORDER BY rowid DESC LIMIT ?",
            "SELECT id FROM companies WHERE name || ' ' || uscc LIKE ? ORDER BY rowid DESC LIMIT ?",
        )
    ]


def _trigram(home: Path, path: str) -> sqlite3.Connection:
    """The same texts under FTS5's own tokenizer for pieces."""
    connection = sqlite3.connect(home / "trigram.db")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text, content='', columnsize=0, tokenize='trigram')")
    connection.execute("ATTACH ? AS store", (path,))
    connection.execute("INSERT INTO texts (rowid, text) SELECT rowid, text FROM store.visits ORDER BY rowid")
    connection.execute(
        "INSERT INTO texts (rowid, text) SELECT rowid + 10000000, name || ' ' || uscc FROM store.companies ORDER BY rowid"
    )
    connection.commit()
    connection.execute("DETACH store")
    return connection


def _by_trigram(reader: sqlite3.Connection, trigram: sqlite3.Connection, query: str) -> object:
    """Shorter pieces have no trigram and fall back to LIKE."""
    if len(query) < 3:
        return _like(reader, query)
    words = '"' + query.replace('"', '""') + '"'
    statement = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid DESC LIMIT ?"
    return trigram.execute(statement, (words, PAGE)).fetchall()


def _print_recall(reader: sqlite3.Connection, rng: random.Random) -> None:
    from fieldkit.store.search import matching_ids
    from fieldkit.store.terms import terms

    texts = [row["text"] for row in reader.execute("SELECT text FROM visits ORDER BY id LIMIT 5000")]
    held = found = beyond = asked = 0
    while asked < PIECES:
        text, length = rng.choice(texts), asked % 4 + 1
        start = rng.randrange(len(text) - length)
        piece = text[start : start + length]
        if not terms(piece) or "%" in piece or "_" in piece:
            continue
        by_like = {row["id"] for row in reader.execute("SELECT id FROM visits WHERE text LIKE ?", (f"%{piece}%",))}
        ours = matching_ids(reader, "visits", piece) or set()
        held, found, beyond, asked = (
            held + len(by_like),
            found + len(by_like & ours),
            beyond + len(ours - by_like),
            asked + 1,
        )
    print(
        f"  recall against LIKE         {found / held:6.4f}   goal 1.0   {PIECES} pieces of one to four characters,"
        f" {held:,} hits; {beyond / held:.3f} more that signs or blanks part"
    )


def _print_size(path: str) -> None:
    from fieldkit.store.documents import FIELDS

    with closing(sqlite3.connect(path)) as store:
        pages = dict(store.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        texts = {
            kind: store.execute(
                f"SELECT coalesce(sum({' + '.join(f'length(CAST({field} AS BLOB))' for field in fields)}), 0) FROM {kind}"
            ).fetchone()[0]
            for kind, fields in FIELDS.items()
        }
    total = sum(texts.values())
    index = {table: size for table, size in pages.items() if table.startswith(("search_", "names_"))}
    for name, size, of in (
        ("full text of visits", _of(index, "search_visits_"), texts["visits"]),
        ("the whole index", sum(index.values()), total),
    ):
        print(f"  {name:<28} {size / of:4.2f} of its text, {of / 1e6:.0f} MB   goal 1.0")
    for part in ("search_visits_", "search_companies_", "names_companies"):
        print(f"    {part.rstrip('_'):<26} {_of(index, part) / total:4.2f}, {_of(index, part) / 1e6:.1f} MB")
    rest = sum(index.values()) - sum(
        _of(index, part) for part in ("search_visits_", "search_companies_", "names_companies")
    )
    print(f"    {'the other kinds, phones':<26} {rest / total:4.2f}, {rest / 1e6:.1f} MB")
    print(f"    {'beside it: order of names':<26} {_of(pages, ('name_order', 'ix_name_order')) / total:4.2f}")


def _of(pages: dict[str, int], beginning: str | tuple[str, ...]) -> int:
    return sum(size for table, size in pages.items() if table.startswith(beginning))
