"""What `import rnnlab` adds to `import torch`."""

import statistics
import subprocess
import sys

import pytest

PROGRAM = "import time, torch; began = time.perf_counter(); import rnnlab; print(time.perf_counter() - began)"


class Clock:
    """Advances by the seconds that new processes report: the start of Python and `import torch` do not count."""

    seconds = 0.0

    def __call__(self):
        return self.seconds

    def run(self):
        run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
        self.seconds += float(run.stdout)


clock = Clock()


@pytest.mark.benchmark(timer=clock)
def test_import(benchmark):
    benchmark.pedantic(clock.run, rounds=7, warmup_rounds=1)
    benchmark.extra_info.update(claim="import rnnlab, after import torch", relation="≤", bound=0.25)
    benchmark.extra_info["note"] = "Seconds, not a ratio: what the import adds in a new process."
    if benchmark.enabled:
        benchmark.extra_info["ratio"] = statistics.median(benchmark.stats.stats.data)
