"""Branches of maps whose folds are known, and the film of a few points."""

import base64
import io

import pytest
import torch
from PIL import Image

from rnnlab import find_fixed_points, follow_branches, geometry
from rnnlab.book.chapters import ch11_bifurcations

STARTS = torch.linspace(-1, 1, 9).double()[:, None]


def bent(h, α):
    """h + (h − h³ + α) / 4: three fixed points for |α| < 2/√27 ≈ 0.385, else one."""
    return h + (h - h**3 + α) / 4


@pytest.fixture(scope="module")
def points():
    return {α: find_fixed_points(lambda h: bent(h, α), STARTS, box=1.5) for α in (0.0, 1.0)}


def test_a_fold_accounts_for_the_points_that_are_lost(points):
    branches = follow_branches(bent, points[0.0].states)
    assert (len(points[0.0]), len(points[1.0]), len(branches)) == (3, 1, 2)
    missed, distance = ch11_bifurcations.account(branches, points[0.0], points[1.0])
    assert missed == 0 and distance < 1e-8
    assert [ch11_bifurcations.index_sum(branches, cut) for cut in (0.1, 0.3, 0.5, 0.9)] == [1] * 4


def test_points_that_no_branch_explains_are_missed(points):
    survivor = [b for b in follow_branches(bent, points[0.0].states) if b.end_parameter == 1]
    assert ch11_bifurcations.account(survivor, points[0.0], points[1.0]).missed == 2
    assert ch11_bifurcations.account(survivor, points[1.0], points[0.0]).missed == 2


def test_a_film_has_a_picture_for_each_step():
    F = lambda h: 0.5 * h
    found = {step: find_fixed_points(F, torch.rand(4, 2).double()) for step in (0, 10, 20)}
    around = torch.randn(30, 2).double()
    flow = dict.fromkeys(found, torch.randn(3, 5, 2).double())
    pictures = ch11_bifurcations.frames(geometry.pca(around, components=2), around, found, flow)
    assert len(pictures) == 3
    address = ch11_bifurcations.webp(*pictures, duration=[1, 2, 3], loop=0)
    film = Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/webp;base64,"))))
    assert film.size == pictures[0].size and film.n_frames == len({picture.tobytes() for picture in pictures})
