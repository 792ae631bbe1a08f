"""Pictures of movements, drawn from damped oscillations that are known."""

import math

import numpy as np
import torch

from rnnlab.book.chapters import ch21_moving


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def test_movements_stand_at_their_direction_each_with_its_target():
    targets = torch.sin(torch.arange(24.0)).view(2, 4, 3)
    figure = ch21_moving.movements(targets, targets + 0.1)
    assert [ax.get_title() for ax in figure.axes] == ["output 1", "output 2", "output 3"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["0°", "180°"]
    for output, ax in enumerate(figure.axes):
        for gid, values in (("target", targets), ("output", targets + 0.1)):
            drawn = np.array([line.get_ydata() for line in marks(ax, gid)]) - ax.get_yticks()[:, None]
            np.testing.assert_allclose(drawn, values[..., output], atol=1e-6)


def test_oscillations_lie_on_the_crosses_that_they_are():
    asked = math.exp(-1 / 40) * np.exp(2j * np.pi / 20)
    λ = torch.tensor([asked, asked.conjugate(), 0.1 + 0.0j], dtype=torch.complex128)
    figure = ch21_moving.oscillations({"one": [λ, λ], "other": [λ]}, (20,), 40)
    for ax, title, seeds in zip(figure.axes, ("one", "other"), (2, 1)):
        (cross,), drawn = marks(ax, "asked"), marks(ax, "seed")
        assert (ax.get_title(), len(drawn)) == (title, seeds)
        for mark in drawn:  # one of each pair, and none that is far inside
            np.testing.assert_allclose(mark.get_offsets(), cross.get_xydata())


def test_rotations_begin_at_squares_joined_in_order():
    starts = torch.exp(2j * math.pi * torch.arange(4) / 4)
    spiral = starts[:, None] * (0.9 * torch.exp(torch.tensor(0.3j))) ** torch.arange(6)
    figure = ch21_moving.rotations({"a": spiral, "b": 2 * spiral, "c": spiral, "d": spiral})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "d"]
    (joined,), squares = marks(figure.axes[1], "starts"), marks(figure.axes[1], "start")
    np.testing.assert_allclose(joined.get_xdata(), 2 * starts.real[[0, 1, 2, 3, 0]], atol=1e-6)
    np.testing.assert_allclose([float(np.ravel(s.get_ydata())[0]) for s in squares], 2 * starts.imag, atol=1e-6)


def test_robustness_draws_the_median_of_each_seed_and_the_quartiles_of_all():
    draws = torch.linspace(0, 1, 5) * torch.tensor([1.0, 0.5])[:, None]  # (shares, draws)
    figure = ch21_moving.robustness((0, 0.1), {"plain": torch.stack([draws, draws])}, level=0.5)
    np.testing.assert_allclose([line.get_ydata() for line in marks(figure, "median")], [[0.5, 0.25]] * 2)
    np.testing.assert_allclose(marks(figure, "level")[0].get_ydata(), 0.5)
    (band,) = marks(figure, "quartiles")
    np.testing.assert_allclose(band.get_paths()[0].vertices[:, 1].max(), 0.75)
