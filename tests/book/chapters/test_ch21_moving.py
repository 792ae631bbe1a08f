"""Pictures of movements, drawn from damped oscillations that are known."""

import math

import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection

from rnnlab.book.chapters import ch21_moving


def test_movements_stand_at_their_direction_each_with_its_target():
    targets = torch.sin(torch.arange(24.0)).view(2, 4, 3)
    outputs = targets + 0.1
    figure = ch21_moving.movements(targets, outputs)
    assert [ax.get_title() for ax in figure.axes] == ["output 1", "output 2", "output 3"]
    ax = figure.axes[2]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0°", "180°"]
    bands, lines = ax.lines[:2], ax.lines[2:]
    for band, line, shift, k in zip(bands, lines, ax.get_yticks(), range(2)):
        np.testing.assert_allclose(band.get_ydata() - shift, targets[k, :, 2], atol=1e-6)
        np.testing.assert_allclose(line.get_ydata() - shift, outputs[k, :, 2], atol=1e-6)
    with pytest.raises(ValueError, match=r"shape of the targets, \(2, 4, 3\), got \(2, 3, 3\)"):
        ch21_moving.movements(targets, outputs[:, :3])


def test_oscillations_lie_on_the_crosses_that_they_are():
    asked = math.exp(-1 / 40) * np.exp(2j * np.pi / 20)
    λ = torch.tensor([asked, asked.conjugate(), 0.1 + 0.0j], dtype=torch.complex128)
    figure = ch21_moving.oscillations({"one": [λ, λ], "other": [λ]}, (20,), 40)
    assert [ax.get_title() for ax in figure.axes] == ["one", "other"]
    for ax, seeds in zip(figure.axes, (2, 1)):
        marks = [mark for mark in ax.collections if isinstance(mark, PathCollection)]
        assert len(marks) == seeds
        (cross,) = [line for line in ax.lines if line.get_marker() == "x"]
        for mark in marks:  # one of each pair, and none that is far inside
            np.testing.assert_allclose(mark.get_offsets(), cross.get_xydata())
    with pytest.raises(ValueError, match="up to 5 seeds"):
        ch21_moving.oscillations({"one": [λ] * 6}, (20,), 40)


def test_rotations_begin_at_squares_joined_in_order():
    starts = torch.exp(2j * math.pi * torch.arange(4) / 4)
    spiral = starts[:, None] * (0.9 * torch.exp(torch.tensor(0.3j))) ** torch.arange(6)
    figure = ch21_moving.rotations({"a": spiral, "b": 2 * spiral, "c": spiral, "d": spiral})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "d"]
    ax = figure.axes[1]
    np.testing.assert_allclose(ax.lines[0].get_xdata(), 2 * starts.real[[0, 1, 2, 3, 0]], atol=1e-6)
    squares = [line for line in ax.lines if line.get_marker() == "s"]
    assert len(squares) == 4
    np.testing.assert_allclose(squares[1].get_ydata(), [2.0], atol=1e-6)
    with pytest.raises(ValueError, match="up to 9 movements"):
        ch21_moving.rotations({"a": spiral[:1].expand(10, -1)})


def test_robustness_draws_the_median_of_each_seed_and_the_quartiles_of_all():
    draws = torch.linspace(0, 1, 5) * torch.tensor([1.0, 0.5])[:, None]  # (shares, draws)
    values = torch.stack([draws, draws])
    figure = ch21_moving.robustness((0, 0.1), {"plain": values}, level=0.5)
    (ax,) = figure.axes
    level, *medians = ax.lines
    np.testing.assert_allclose(level.get_ydata(), 0.5)
    assert len(medians) == 2
    np.testing.assert_allclose(medians[1].get_ydata(), [0.5, 0.25])
    corners = ax.collections[0].get_paths()[0].vertices
    np.testing.assert_allclose(corners[:, 1].max(), 0.75)
    with pytest.raises(ValueError, match=r"must be \(seeds, 3 shares, draws\), got \(2, 2, 5\)"):
        ch21_moving.robustness((0, 0.1, 0.2), {"plain": values}, level=0.5)
    with pytest.raises(ValueError, match="1 to 4 kinds"):
        ch21_moving.robustness((0, 0.1), {}, level=0.5)
