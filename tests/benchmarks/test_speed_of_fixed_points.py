"""All fixed points of flip-flop networks: against the field's method, and with more units and bits."""

import math
import re
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
import torch
from adam import adam_fixed_points

import rnnlab
from rnnlab.book import zoo
from rnnlab.tasks import FlipFlop

SIZES = [name for name in zoo.names() if re.fullmatch(r"flipflop\d-gru(-\d+)?", name)]

# 3^bits points, k of whose directions are unstable where k bits are undecided.
COMPLETE = {bits: {k: math.comb(bits, k) * 2 ** (bits - k) for k in range(bits + 1)} for bits in (2, 3, 4)}


def problem(name, count):
    """The map of a network without input, and `count` starts: mixtures of the states that 16 sequences visit."""
    network = zoo.load(name).requires_grad_(False)
    batch = FlipFlop(network.cell.input_size).batch(16, torch.Generator().manual_seed(0))
    _, states = network(batch.inputs)
    return network.cell.at(torch.zeros(network.cell.input_size)), rnnlab.convex_combinations(
        states.flatten(0, 1), count
    )


def search(benchmark, F, starts, rounds):
    """The search, timed, with three rounds of mixtures; in a run that does not measure, from the starts alone."""
    given = {"rounds": 3 if benchmark.enabled else 0}
    found = benchmark.pedantic(
        rnnlab.find_fixed_points, args=(F, starts), kwargs=given, rounds=rounds, warmup_rounds=rounds > 1
    )
    assert len(found)
    assert (rnnlab.squared_speed(F.double(), found.states) <= 1e-20).all()
    return found


def counts(points):
    """How many points have 0, 1, 2 … unstable directions, as 8/12/6/1."""
    return "/".join(map(str, points.n_unstable.bincount().tolist()))


@pytest.mark.parametrize(
    "name, what, bound, early",
    [
        ("flipflop3-gru", "3-bit GRU; Adam stopped as soon as every q < 1e-12", 30, True),
        ("flipflop3-gru", "3-bit GRU; Adam run for its 10,000 steps", None, False),
        # Such a network holds its bits by nearly closed gates: q is small where nothing is fixed.
        ("flipflop3-gru-noiseless-seed0", "3-bit GRU trained without noise", None, True),
    ],
    ids=["early", "whole", "noiseless"],
)
def test_against_adam(name, what, bound, early, benchmark):
    F, starts = problem(name, 1024 if benchmark.enabled else 16)
    began = time.perf_counter()
    theirs = adam_fixed_points(F, starts, 10_000 if benchmark.enabled else 10, early)
    seconds = time.perf_counter() - began
    ours = search(benchmark, F, starts, rounds=5 if early and bound else 1)
    if not benchmark.enabled:
        return
    if name == "flipflop3-gru":
        assert ours.census == COMPLETE[3] and ours.audit.closed
    if bound:
        benchmark.extra_info.update(relation="≥", bound=bound)
    known = rnnlab.find_fixed_points(F, torch.cat([ours.states, theirs]), rounds=0)
    near = torch.cdist(theirs, known.states, compute_mode="donot_use_mm_for_euclid_dist") < 1e-3
    benchmark.extra_info.update(
        claim=f"Fixed points of the {what}, 64 units, 1,024 starts",
        ratio=seconds / benchmark.stats.stats.median,
        note=f"Speed-up over Adam ({seconds:.0f} s). Ours: {len(ours)} of {len(known)} known points ({counts(ours)} by "
        f"number of unstable directions), index sum {ours.audit.index_sum:+d}, q ≤ {ours.q.max():.0e}. "
        f"Adam: {int(near.any(0).sum())} of {len(known)}, and {int((~near.any(1)).sum())} false points: "
        "q < 1e-8, but farther than 1e-3 from any known one.",
    )


def peak_memory(name):
    """Bytes by which a search raises the peak memory of this process. It tries 128 starts at a time."""
    F, starts = problem(name, 128)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rnnlab.find_fixed_points(F, starts, rounds=1)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("name", SIZES)
def test_growth(name, benchmark):
    F, starts = problem(name, 1024 if benchmark.enabled else 8)
    found = search(benchmark, F, starts, rounds=1)
    if not benchmark.enabled:
        return
    bits, units = F.cell.input_size, F.cell.units
    # A fork server is small: what it starts does not inherit the peak of this process.
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        memory = pool.submit(peak_memory, name).result()
    benchmark.extra_info.update(
        claim=f"Growth: {bits} bits, {units} units, 1,024 starts",
        note=f"{len(found)} points ({counts(found)} by number of unstable directions, "
        f"{'as' if found.census == COMPLETE[bits] else 'not as'} the task needs), index sum "
        f"{found.audit.index_sum:+d}, {'closed' if found.audit.closed else 'not closed'} after "
        f"{found.search.starts} starts; the search takes {memory / 2**20:.0f} MiB.",
    )
