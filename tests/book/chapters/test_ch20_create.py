"""Pictures of ranks and of drawn networks: every value stands where it should, and bad input is named."""

import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle

from rnnlab.book.chapters import ch20_create


def test_the_table_says_every_value_and_frames_the_chosen_ones():
    picture = ch20_create.table({"a": {1: 0.751, 2: 0.998}, "b": {2: 0.5, 4: 1.0}}, {"a": 2, "b": 4}, xlabel="rank")
    (ax,) = picture.axes
    said = {tuple(text.get_position()): text.get_text() for text in ax.texts}
    assert said == {(0, 0): "75.1", (1, 0): "99.8", (2, 0): "–", (0, 1): "–", (1, 1): "50.0", (2, 1): "100.0"}
    frames = [patch.get_center() for patch in ax.patches if isinstance(patch, Rectangle)]
    np.testing.assert_allclose(frames, [(1, 0), (2, 1)])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "4"]


def test_the_table_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="at least one value"):
        ch20_create.table({"a": {}}, {}, xlabel="rank")
    with pytest.raises(ValueError, match="cells with a value, got {'a': 3}"):
        ch20_create.table({"a": {1: 0.9}}, {"a": 3}, xlabel="rank")


def test_draws_stand_at_their_performance_in_the_row_of_their_task():
    one, several = torch.tensor([0.6, 0.7, 0.8]), torch.tensor([0.9, 0.95])
    (ax,) = ch20_create.draws({"a": 0.9, "b": 1.0}, {"a": one, "b": one}, {"b": several}).axes
    marks = [np.asarray(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)]
    for found, x, row in zip(marks, (one, one, several), (0, 0.8, 1.2), strict=True):
        np.testing.assert_allclose(found[:, 0], x, rtol=1e-6)
        np.testing.assert_allclose(found[:, 1].mean(), row)
    bars = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2]
    np.testing.assert_allclose(bars, [0.9, 0.81, 1.0, 0.9])
    with pytest.raises(ValueError, match="draws for each of a, b; got a"):
        ch20_create.draws({"a": 0.9, "b": 1.0}, {"a": one}, {})


def test_sizes_draw_each_network_and_the_medians():
    values = torch.tensor([[0.6, 0.7, 0.9], [0.8, 0.9, 1.0]])
    picture = ch20_create.sizes([256, 1024], {"a": values}, {"a": 1.0}, share=0.8)
    (ax,) = picture.axes
    lines = {line.get_label(): line for line in ax.lines}
    np.testing.assert_allclose(lines["drawn"].get_ydata(), values.ravel(), rtol=1e-6)
    np.testing.assert_allclose(lines["drawn"].get_xdata(), [256] * 3 + [1024] * 3)
    np.testing.assert_allclose(lines["median"].get_ydata(), [0.7, 0.9], rtol=1e-6)
    assert lines["80% of it"].get_ydata()[0] == pytest.approx(0.8)
    with pytest.raises(ValueError, match="each of the 1 sizes"):
        ch20_create.sizes([256], {"a": values}, {"a": 1.0})
