"""Reading a line: milliseconds for 200 characters, ordinary and as dense as can be; goal at most 2.0."""

import time
from datetime import datetime

ROUNDS = 60
LENGTH = 200
LINES = (
    "拜访宁德时代 @张伟 13800138000 动力电池包项目 2.5亿 下周三回访 #新能源 !上门 ",
    "周五下午两点市政府接待比亚迪考察团,对方希望三天后给答复,投资额两点五亿,二期项目3号厂房用地120亩,",
    "met Zhang Wei next Wednesday 3pm, ",
    "市政府接待比亚迪考察团对方希望再给答复",
    "3月3日到5号12.3-",
    "下周三到",
    "半个亿",
)


def run() -> None:
    """Print the best of ROUNDS for each line repeated to LENGTH characters."""
    from fieldkit.capture import Known, read

    now = datetime.now().astimezone()
    print(f"\nreading {LENGTH} characters   goal 2.0 ms")
    for line in LINES:
        text = (line * LENGTH)[:LENGTH]
        best = 1.0
        for _round in range(ROUNDS):
            start = time.process_time()
            read(text, now, Known())
            best = min(best, time.process_time() - start)
        print(f"  {best * 1000:6.2f} ms   {line.strip()}")
