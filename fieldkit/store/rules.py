"""The rule pack in force: the newest that the centre has published, else the packaged one."""

from __future__ import annotations

import json

from fieldkit.domain.city import default_rule_pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

_NEWEST = "SELECT body FROM rule_packs WHERE deleted = 0 ORDER BY version DESC, id DESC LIMIT 1"


def rule_pack(connection: sqlite3.Connection) -> dict[str, Any]:
    """The body of the rule pack in force, as `fieldkit.domain.data/rule_pack.json` shows its shape."""
    cursor = connection.cursor()
    cursor.row_factory = None
    row = cursor.execute(_NEWEST).fetchone()
    cursor.close()
    published: dict[str, Any] = json.loads(row[0]) if row else {}
    return published if "stages" in published else default_rule_pack()
