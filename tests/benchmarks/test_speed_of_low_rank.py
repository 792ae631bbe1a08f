"""Fixed points of networks of rank 2: in their plane against all their dimensions, and how the latter grows."""

import pytest
import torch

import rnnlab
from rnnlab import LowRankRNN
from rnnlab.lowrank import Latent, LatentMap


def problem(units, count):
    """A map with two stable points and a saddle between them, its plane, and starts about it."""
    generator = torch.Generator().manual_seed(0)
    m, noise = torch.randn(2, units, 2, generator=generator)
    gains = torch.diag(torch.tensor([2.5, 0.5]))
    cell = LowRankRNN.from_loadings(m, m @ gains + 0.3 * noise, torch.randn(units, 1, generator=generator)).double()
    latent, x = Latent(cell.requires_grad_(False)), torch.zeros(1, dtype=torch.float64)
    around = latent.reach * (2 * torch.rand(count, 2, generator=generator).double() - 1)
    off = latent.embed(around, x) + 0.1 * torch.randn(count, units, generator=generator).double()
    return cell.at(x), latent, LatentMap(latent, x), around, off


def test_plane_against_all_dimensions(benchmark, compare):
    F, latent, G, around, off = problem(1024, 16 if benchmark.enabled else 2)
    ours, theirs = compare(
        lambda: rnnlab.find_fixed_points(G, around, box=latent.reach, rounds=0),
        lambda: rnnlab.find_fixed_points(F, off, rounds=0),
        claim="Fixed points of a network of rank 2, 1,024 units, 16 starts",
        note="Speed-up of the search in the plane of the latent variables over the one in all dimensions, which forms "
        "no Jacobian either. Both find the same points.",
        rounds=3,
    )
    apart = torch.cdist(theirs.states, latent.embed(ours.states, G.v)).amin(1)
    assert len(theirs) and (not benchmark.enabled or (apart.max() < 1e-6 and len(ours) == 3))


@pytest.mark.parametrize("units", [2048, 4096])
def test_growth_without_jacobians(units, benchmark):
    F, _, G, around, off = problem(units, 24 if benchmark.enabled else 1)
    found = benchmark.pedantic(rnnlab.find_fixed_points, args=(F, off), kwargs={"rounds": 0})
    assert len(found) and found.q.max() <= 1e-20
    benchmark.extra_info.update(
        claim=f"Newton–Krylov search, rank 2, {units:,} units, 24 starts",
        note=f"{len(found)} points ({found.census} by number of unstable directions) of the "
        f"{len(rnnlab.find_fixed_points(G, around, rounds=0))} that the plane has from the same starts.",
    )
