"""What the benchmarks share: two ways to one result, timed by turns.

Without --benchmark-enable every benchmark runs once on a small problem, to show that it still runs.
"""

import statistics
import time

import pytest


@pytest.fixture
def compare(benchmark):
    """compare(ours, theirs, claim=…): time both by turns, record the median of the ratios, return both results.

    The ratio says how many times faster ours is; with relation "≤", how many times as long it takes.
    """

    def run(ours, theirs, *, claim, note, relation="≥", bound=None, rounds=7):
        seconds, result = [], None

        def timed_theirs():
            nonlocal result
            began = time.perf_counter()
            result = theirs()
            seconds.append(time.perf_counter() - began)

        own = benchmark.pedantic(ours, setup=timed_theirs, rounds=rounds, warmup_rounds=1)
        benchmark.extra_info.update(claim=claim, note=note)
        if bound is not None:
            benchmark.extra_info.update(relation=relation, bound=bound)
        if benchmark.enabled:
            pairs = zip(benchmark.stats.stats.data, seconds[1:], strict=True)  # seconds[0] was the warm-up
            benchmark.extra_info["ratio"] = statistics.median(a / b if relation == "≤" else b / a for a, b in pairs)
        return own, result

    return run
