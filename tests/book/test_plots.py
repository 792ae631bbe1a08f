"""Plots that several chapters share: what is drawn stands where it should, and bad input is named."""

import numpy as np
import pytest
import torch
from matplotlib.patches import Rectangle

from rnnlab import geometry
from rnnlab.book import plots
from rnnlab.book.machines import modulo_counter, tomita
from rnnlab.dynamics import Branch
from rnnlab.dynamics.continuation import BranchEnd
from rnnlab.plots import style
from rnnlab.tasks import Automaton, FlipFlop


@pytest.fixture(scope="module")
def batch():
    return FlipFlop(3, length=30).batch(2, torch.Generator().manual_seed(0))


def test_task_draws_a_row_per_bit(batch):
    figure = plots.trial(batch, batch.targets * 0.9, sequence=1)
    assert len(figure.axes) == 3
    for bit, ax in enumerate(figure.axes):
        target, given, answer = (line.get_ydata() for line in ax.lines)
        np.testing.assert_array_equal(target, batch.targets[1, :, bit])
        np.testing.assert_array_equal(given, batch.inputs[1, :, bit])
        np.testing.assert_allclose(answer, 0.9 * batch.targets[1, :, bit])


def test_task_refuses(batch):
    with pytest.raises(ValueError, match="outputs must have the shape of the targets"):
        plots.trial(batch, batch.targets[:, :-1])
    with pytest.raises(ValueError, match="sequence must be from 0 to 1, got 2"):
        plots.trial(batch, batch.targets, sequence=2)
    one_hot = FlipFlop(2, length=30, encoding="one-hot").batch(2, torch.Generator())
    with pytest.raises(ValueError, match="as many inputs as outputs, got 9 and 4"):
        plots.trial(one_hot, one_hot.targets)


def test_words_draws_a_row_per_answer_below_the_symbols():
    task = Automaton(modulo_counter(3))
    batch = task.run(["0000", "0110"])
    figure = plots.word_trial(task, batch, batch.targets * 0.9, sequence=1)
    assert [ax.get_ylabel() for ax in figure.axes] == ["q0", "q1", "q2"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["0", "1", "1", "0"]
    assert [text.xy[0] for text in figure.axes[0].texts] == [1, 2, 3, 4]
    for row, ax in enumerate(figure.axes):
        target, said = ax.lines
        np.testing.assert_array_equal(target.get_ydata()[:4], batch.targets[1, :, row])
        np.testing.assert_array_equal(target.get_xdata(), [0.5, 1.5, 2.5, 3.5, 4.5])  # each step in the middle
        np.testing.assert_allclose(said.get_xydata(), [(t + 1, 0.9 * batch.targets[1, t, row]) for t in range(4)])


def test_words_calls_verdicts_by_name():
    task = Automaton(tomita(4))
    batch = task.run(["01"])
    assert [ax.get_ylabel() for ax in plots.word_trial(task, batch, batch.targets).axes] == ["accept", "reject"]


def test_words_refuses():
    task = Automaton(modulo_counter(3))
    batch = task.run(["01" * 21])
    with pytest.raises(ValueError, match="up to 40 symbols can be read, got 42"):
        plots.word_trial(task, batch, batch.targets)
    with pytest.raises(ValueError, match="outputs must have the shape of the targets"):
        plots.word_trial(task, batch, batch.targets[:, 1:])
    with pytest.raises(ValueError, match="sequence must be from 0 to 0, got 1"):
        plots.word_trial(task, batch, batch.targets, sequence=1)
    with pytest.raises(ValueError, match="with 2 inputs and 2 outputs, got 2 and 3"):
        plots.word_trial(Automaton(tomita(1)), batch, batch.targets)


def test_census_frames_what_differs():
    (ax,) = plots.census({"seed 0": {0: 4, 1: 4, 2: 1}, "seed 1": {0: 3, 1: 2}}, expected={0: 4, 1: 4, 2: 1}).axes
    assert [text.get_text() for text in ax.texts] == ["4", "4", "1", "3", "2", "0"]
    assert sum(isinstance(patch, Rectangle) for patch in ax.patches) == 3
    with pytest.raises(ValueError, match="networks is empty"):
        plots.census({})


def test_census_history_marks_changes():
    censuses = [{0: 1}, {0: 1}, {0: 2, 1: 1}, {0: 2, 1: 1}]
    figure = plots.census_history([0, 10, 20, 30], censuses)
    change, stable, saddles = figure.axes[0].lines
    assert change.get_xdata() == [20, 20]
    np.testing.assert_array_equal(stable.get_xydata(), [[0, 1], [10, 1], [20, 2], [30, 2]])
    np.testing.assert_array_equal(saddles.get_ydata(), [0, 0, 1, 1])
    assert (stable.get_color(), saddles.get_color()) == (style.STABLE, style.SADDLES[0])
    assert stable.get_linestyle() != saddles.get_linestyle()
    with pytest.raises(ValueError, match="each census needs its step, got 1 steps and 4 censuses"):
        plots.census_history([0], censuses)


@pytest.fixture
def branch():
    """A fold at α = 1: h² = 1 − α, stable above and unstable below."""
    h = torch.linspace(1, -1, 41, dtype=torch.float64)[:, None]
    unstable = (h[:, 0] < 0).long()
    one, zero = torch.ones(1, dtype=torch.float64), torch.zeros(1, 1, dtype=torch.float64)
    return Branch(1 - h[:, 0] ** 2, h, unstable, 1 - 2 * unstable, one, zero, zero[0], BranchEnd.LEFT_RANGE)


def test_continuation_is_solid_where_stable_and_marks_folds(branch):
    figure = plots.continuation([branch, branch], lambda states: 2 * states[:, 0], xlabel="α", ylabel="PC 1")
    (ax,) = figure.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("α", "PC 1")
    stable, unstable, fold = ax.lines[:3]
    assert (stable.get_color(), unstable.get_color()) == (style.STABLE, style.SADDLES[0])
    assert stable.get_linestyle() == "-" and unstable.get_linestyle() == "--"
    x, y = stable.get_xydata().T
    np.testing.assert_allclose(x, 1 - (y / 2) ** 2)
    np.testing.assert_array_equal(stable.get_xydata()[-1], unstable.get_xydata()[0])
    np.testing.assert_array_equal(fold.get_xydata(), [[1, 0]])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["stable", "1 unstable", "fold"]


def test_continuation_refuses(branch):
    with pytest.raises(ValueError, match="branches is empty"):
        plots.continuation([], lambda states: states[:, 0])
    with pytest.raises(ValueError, match=r"height must map states \(41, 1\) to \(41,\), got \(41, 1\)"):
        plots.continuation([branch], lambda states: states)


def test_against_shows_every_seed_and_the_mean():
    values = torch.tensor([[1.0, 3.0], [2.0, 6.0], [0.0, 1.0]])
    figure = plots.against([0, 1, 2], values, xlabel="delay", ylabel="modulus")
    mean, seeds = figure.axes[0].lines
    np.testing.assert_array_equal(mean.get_xydata(), [[0, 2], [1, 4], [2, 0.5]])
    np.testing.assert_array_equal(seeds.get_xydata(), [[0, 1], [0, 3], [1, 2], [1, 6], [2, 0], [2, 1]])
    with pytest.raises(ValueError, match=r"a row for each of 2 x, got \(3, 2\)"):
        plots.against([0, 1], values, xlabel="delay", ylabel="modulus")


@pytest.mark.parametrize("kept", [2, 3])
def test_from_plane_starts_on_a_grid_and_follows_the_map(F, fixed_points, kept):
    pca = geometry.pca(fixed_points.states, components=kept)
    background = plots.from_plane(F, pca, fixed_points.states, grid=5, steps=7)
    assert background.shape == (25, 8, 4) and background.dtype == torch.float64
    torch.testing.assert_close(background[:, 1:], F(background[:, :-1]))
    starts, around = pca.project(background[:, 0]), pca.project(fixed_points.states)
    for k in (0, 1):
        values = starts[:, k].round(decimals=9).unique()
        torch.testing.assert_close(values, torch.linspace(around[:, k].min(), around[:, k].max(), 5).double())
    torch.testing.assert_close(starts[:, 2:], around.mean(0)[2:].expand(25, -1))
    torch.testing.assert_close(pca.reconstruct(starts), background[:, 0])
    with pytest.raises(ValueError, match="from_plane needs at least .* a grid of 2"):
        plots.from_plane(F, pca, fixed_points.states, grid=1)
