"""Cycles of a network that counts modulo 3: against iterating states until they repeat."""

import torch

import rnnlab
from rnnlab.book import tasks, zoo


def iterate(F, starts, period, steps):
    """The naive way: the states of attracting cycles, one of each group within 1e-3, after `steps` iterates."""
    h = starts
    for _ in range(steps):
        h = F(h)
    after = h
    for _ in range(period):
        after = F(after)
    moves = (F(h) - h).norm(dim=1) > 1e-3
    h = h[((after - h).norm(dim=1) < 1e-6) & moves]
    near = torch.cdist(h, h, compute_mode="donot_use_mm_for_euclid_dist") < 1e-3
    return h[near.int().argmax(1).unique()]


def test_period_3(benchmark, compare):
    network = zoo.load("modulo3-gru").double().requires_grad_(False)
    task = tasks.from_configuration(network.card["task"])
    _, states = network(task.batch(16, torch.Generator().manual_seed(0)).inputs.double())
    starts = rnnlab.convex_combinations(states.flatten(0, 1), 512 if benchmark.enabled else 16)
    F, rounds = network.cell.at(task.input("1").double()), 3 if benchmark.enabled else 0
    ours, theirs = compare(
        lambda: rnnlab.find_cycles(F, 3, starts, rounds=rounds),
        lambda: iterate(F, starts, 3, 1000 if benchmark.enabled else 300),
        claim="Cycles of period 3 of the modulo-3 GRU, 64 units, 512 starts",
        note="",
        relation="≤",
        rounds=3,
    )
    unstable = len(ours) - len(ours.stable)
    benchmark.extra_info["note"] = (
        f"Our time over that of 1,000 iterates of the same starts. Ours: {len(ours.stable)} attracting cycle(s) and "
        f"{unstable} that iterating cannot reach, residual ≤ {ours.residual.max():.0e}; index sum of F³ "
        f"{ours.points.audit.index_sum:+d}. Iterating: {len(theirs)} states of attracting cycles, no audit."
    )
    assert len(ours.stable) == 1
    assert torch.cdist(theirs, ours.stable[0]).amin(1).max() < 1e-3
