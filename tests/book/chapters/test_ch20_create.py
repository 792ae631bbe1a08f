"""Pictures of ranks and of drawn networks: every value stands where it should."""

import numpy as np
import torch

from rnnlab.book.chapters import ch20_create


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def test_percentages_have_every_value_and_frame_the_chosen_ones():
    performance = {"a": {1: 0.751, 2: 0.998}, "b": {2: 0.5, 4: 1.0}}
    figure = ch20_create.percentages(performance, {"a": 2, "b": 4}, xlabel="rank")
    written = {tuple(text.get_position()): text.get_text() for text in marks(figure, "value")}
    assert written == {(0, 0): "75.1", (1, 0): "99.8", (2, 0): "–", (0, 1): "–", (1, 1): "50.0", (2, 1): "100.0"}
    np.testing.assert_allclose([frame.get_center() for frame in marks(figure, "frame")], [(1, 0), (2, 1)])
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["1", "2", "4"]


def test_draws_stand_at_their_performance_in_the_row_of_their_task():
    one, several = torch.tensor([0.6, 0.7, 0.8]), torch.tensor([0.9, 0.95])
    figure = ch20_create.draws({"a": 0.9, "b": 1.0}, {"a": one, "b": one}, {"b": several})
    drawn = [*marks(figure, "one"), *marks(figure, "several")]
    for mark, x, row in zip(drawn, (one, one, several), (0, 0.8, 1.2), strict=True):
        np.testing.assert_allclose(mark.get_offsets()[:, 0], x, rtol=1e-6)
        np.testing.assert_allclose(mark.get_offsets()[:, 1].mean(), row)
    for gid, bars in (("trained", [0.9, 1.0]), ("criterion", [0.81, 0.9])):
        np.testing.assert_allclose([bar.get_xdata()[0] for bar in marks(figure, gid)], bars)


def test_sizes_draw_each_network_and_the_medians():
    values = torch.tensor([[0.6, 0.7, 0.9], [0.8, 0.9, 1.0]])
    figure = ch20_create.sizes([256, 1024], {"a": values}, {"a": 1.0})
    (drawn,), (median,), (criterion,) = (marks(figure, gid) for gid in ("drawn", "median", "criterion"))
    np.testing.assert_allclose(drawn.get_ydata(), values.ravel(), rtol=1e-6)
    np.testing.assert_allclose(drawn.get_xdata(), [256] * 3 + [1024] * 3)
    np.testing.assert_allclose(median.get_ydata(), [0.7, 0.9], rtol=1e-6)
    np.testing.assert_allclose(criterion.get_ydata(), 0.9)
