"""Stores of a given size, filled through plain SQL: what is measured is the reading and writing that comes after."""

import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

WORDS = "电池 新能源 材料 储能 中药 饮片 物流 园区 厂房 设备 智能 制造 纺织 服装 环保 食品 白酒 旅游 芯片 软件".split()


def environment(home: Path) -> dict[str, str]:
    """The environment of one laptop."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"FIELDKIT_HOME": str(home), "FIELDKIT_LANG": "zh_CN"}


def fieldkit(home: Path, *arguments: str) -> str:
    """Run the command and return what it printed."""
    command = [sys.executable, "-m", "fieldkit", *arguments]
    return subprocess.run(command, env=environment(home), check=True, capture_output=True, text=True).stdout


def text(rng: random.Random, number: int) -> str:
    """One visit note."""
    words = "".join(rng.choices(WORDS, k=12))
    return f"拜访第{number}号企业,谈{words}项目,投资{rng.randint(1, 90)}亿,下周三回访"


def sample_store(home: Path, visits: int, *, seed: int = 1) -> Path:
    """A store with so many visits, one company for each ten of them, indexed as the product indexes them."""
    from sqlalchemy import insert

    from fieldkit.clock import system_clock
    from fieldkit.domain import records
    from fieldkit.ids import uuid7
    from fieldkit.locations import Locations
    from fieldkit.replication.laptop import open_store
    from fieldkit.store import index
    from sync.sqlite import sqlite_engine

    rng = random.Random(seed)
    clock = system_clock({})
    locations = Locations(str(home))
    open_store(locations, clock).close()
    now = clock()

    def new_id(number: int) -> str:
        return uuid7(int(now.timestamp() * 1000) - 10 * visits + number, rng.randbytes(10))

    companies = [
        {
            "id": new_id(number),
            "deleted": False,
            "name": f"第{number}号{rng.choice(WORDS)}科技有限公司",
            "created_at": now,
        }
        for number in range(max(1, visits // 10))
    ]
    notes = [
        {
            "id": new_id(number),
            "deleted": False,
            "text": text(rng, number),
            "visited_on": date.today() - timedelta(days=rng.randint(1, 700)),
            "company_id": companies[number % len(companies)]["id"],
            "created_at": now,
        }
        for number in range(visits)
    ]
    engine = sqlite_engine(locations.store)
    with engine.begin() as connection:
        for table, rows in ((records.Company, companies), (records.Visit, notes)):
            connection.execute(insert(table).execution_options(), [_complete(table, row) for row in rows])
            index.observe(connection, str(table.__tablename__), [row["id"] for row in rows])
    engine.dispose()
    return Path(locations.store)


def _complete(table: type, row: dict[str, object]) -> dict[str, object]:
    defaults = {
        name: field.default for name, field in table.model_fields.items() if not field.is_required() and name not in row
    }
    return defaults | row
