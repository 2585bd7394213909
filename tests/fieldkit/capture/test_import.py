"""Reading a line stays on the quick path by what it does not import."""

import subprocess
import sys
from pathlib import Path

import fieldkit

SCRIPT = """
import sys
sys.path[:0] = PATH
import sqlite3
from datetime import datetime
before = set(sys.modules)
from fieldkit.capture import read
read("拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门", datetime(2026, 11, 26, 10))
print(",".join(sorted(set(sys.modules) - before)))
"""


def test_a_line_without_letters_or_lunar_words_loads_only_the_grammar():
    path = [str(Path(fieldkit.__file__).parents[1])]
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", SCRIPT.replace("PATH", repr(path))]
    modules = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split(","))
    others = {name for name in modules if not name.startswith("fieldkit")}
    assert others <= {"__future__", "unicodedata"}
    assert not modules & {"fieldkit.capture.english", "fieldkit.capture.lunar"}
