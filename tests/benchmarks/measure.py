"""Timing side by side: the runs of all candidates are interleaved, because these machines are noisy."""

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(candidates: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """name → milliseconds of each round, after one warm-up each. A candidate that returns a float measured itself."""
    for run in candidates.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _round in range(rounds):
        for name, run in candidates.items():
            start = time.perf_counter()
            own = run()
            times[name].append(own if isinstance(own, float) else (time.perf_counter() - start) * 1000)
    return times


def table(title: str, times: Mapping[str, list[float]], floor: str, goal: float | None = None) -> None:
    """Print median and best of each candidate and its ratio to the floor, taken round by round."""
    print(f"\n{title}")
    for name, values in times.items():
        ratio = statistics.median(value / base for value, base in zip(values, times[floor], strict=True))
        best = min(values) / min(times[floor])
        aim = f"   goal {goal}" if goal and name == "fieldkit" else ""
        line = f"  {name:<28} median {statistics.median(values):8.1f} ms   best {min(values):8.1f} ms"
        print(f"{line}   ratio {ratio:5.2f} (best to best {best:4.2f}){aim}")
