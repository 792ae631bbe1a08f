"""Pictures of a line attractor, drawn from a network whose line, modes and words are planted."""

import math

import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection

from rnnlab.book.corpora import Vocabulary
from rnnlab.book.language import ReadingRecord, TextClassifier, find_line, line_plots
from rnnlab.book.language.line_plots import KINDS, NEGATIVE, PANELS, POSITIVE
from rnnlab.cells import LinearRNN
from rnnlab.network import Network

WORDS = {"positive": torch.tensor([1, 2]), "negative": torch.tensor([3, 4]), "neutral": torch.tensor([5, 6])}


@pytest.fixture(scope="module")
def classifier():
    """Remembers the first of three numbers, forgets the others; good words push it up, the readout reads it out."""
    cell = LinearRNN(2, 3)
    network = Network.from_cell(cell, 1)
    with torch.no_grad():
        cell.U.copy_(torch.diag(torch.tensor([0.9999, 0.5, 0.2])))
        cell.W.copy_(torch.tensor([[0.1, 0.0], [0.0, 0.1], [0.0, 0.0]]))
        cell.b.zero_()
        network.readout.weight.copy_(torch.tensor([[-2.0, 0.0, 0.0]]))  # the logit falls along the first number
        network.readout.bias.fill_(0.5)
    embeddings = torch.tensor([[0, 0], [-1, 1], [-3, 0], [1, 1], [3, 0], [0, 1], [0, -1]]).float()
    vocabulary = Vocabulary(("good", "great", "bad", "awful", "the", "of"))
    return TextClassifier(vocabulary, embeddings, network, ("negative", "positive"))


@pytest.fixture(scope="module")
def reading():
    generator = torch.Generator().manual_seed(0)
    states = 0.05 * torch.randn(200, 3, generator=generator)
    traces = torch.stack([torch.linspace(0, end, 40)[:, None] * torch.eye(3)[0] for end in (0.1, -0.1)])
    return ReadingRecord(
        logits=torch.zeros(4, 1),
        labels=torch.tensor([0, 1, 0, 1]),
        states=states,
        tokens=torch.ones(200, dtype=torch.int64),
        classes=(states[:, 0] < 0).long(),
        mean=torch.zeros(3),
        components=torch.eye(3),
        variance=torch.tensor([0.9, 0.08, 0.02]),
        untrained_variance=torch.tensor([0.4, 0.3, 0.3]),
        traces=traces,
        traced=torch.tensor([40, 15]),
        linear_rows=torch.arange(4),
        linear_logits=torch.zeros(4, 1),
        drift=torch.linspace(0.1, 0.5, 40) * torch.tensor([[0.5], [1.0], [2.0]]),
    )


@pytest.fixture(scope="module")
def scene(classifier, reading):
    return line_plots.Scene.from_record(classifier, reading, find_line(classifier, reading.states), WORDS)


def test_scene_is_what_was_planted(scene):
    assert (
        scene.plane.components[:, :2] == torch.diag(torch.tensor([-1.0, 1.0]))
    ).all()  # the logit grows to the right
    assert scene.readout.tolist() == [2, 0] and scene.offset == 0.5 and scene.start.tolist() == [0, 0]
    torch.testing.assert_close(scene.alignment, torch.ones_like(scene.alignment), atol=1e-4, rtol=0)
    torch.testing.assert_close(scene.right.abs().mean(0), torch.tensor([1.0, 0.0]).double(), atol=1e-4, rtol=0)
    τ = torch.tensor([1e4, 1 / math.log(2), 1 / math.log(5)]).double()
    torch.testing.assert_close(scene.time_constants, τ.expand_as(scene.time_constants), rtol=1e-2, atol=0)
    effects = torch.tensor([[0.1, 0.1], [0.3, 0.0]]).double()
    torch.testing.assert_close(scene.input_jumps["positive"], effects.expand(3, 2, 2), atol=1e-6, rtol=0)
    for kind, push in (("positive", 0.2), ("negative", -0.2), ("neutral", 0.0)):
        torch.testing.assert_close(scene.pushes[kind], torch.full_like(scene.pushes[kind], push), atol=1e-6, rtol=0)
    assert [len(path) for path in scene.traces] == [40, 15]


def test_scene_knows_three_kinds_of_words(classifier, reading):
    line = find_line(classifier, reading.states)
    with pytest.raises(ValueError, match="negative, neutral, positive; got odd"):
        line_plots.Scene.from_record(classifier, reading, line, {"odd": torch.tensor([1])})


def test_words_stand_where_they_push_with_a_mark_of_their_kind(scene):
    figure = line_plots.word_effects(scene)
    for ax in figure.axes:
        clouds = {c.get_label(): c for c in ax.collections if isinstance(c, PathCollection)}
        assert list(clouds) == list(KINDS)
        np.testing.assert_allclose(clouds["negative"].get_offsets(), [[-0.1, 0.1], [-0.3, 0.0]], atol=1e-6)
        outlines = {len(cloud.get_paths()[0].vertices) for cloud in clouds.values()}
        assert len(outlines) > 1
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [*KINDS, "ℓ₁"]


def test_the_black_line_is_where_the_logit_vanishes(scene):
    (ax,) = line_plots.line_panel(scene, "visited states").axes
    (zero,) = (line for line in ax.lines if hasattr(line, "get_xy1"))
    for at in (zero.get_xy1(), zero.get_xy2()):
        assert abs(np.asarray(at) @ scene.readout.numpy() + scene.offset) < 1e-9
    ends = {line.get_label(): line.get_xydata()[-1] for line in ax.lines if line.get_label() in KINDS}
    assert ends["negative"][0] < 0 < ends["positive"][0]


def test_panels_share_one_legend_and_leave_no_empty_axes(scene):
    figure = line_plots.line_panels({"a": scene, "b": scene, "c": scene, "d": scene}, "pushes")
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", "d"]
    assert len(figure.legends) == 1 and len(figure.legends[0].get_texts()) == 3
    for panel in PANELS:
        assert line_plots.line_panel(scene, panel)._repr_svg_().startswith("<?xml")
    for wrong in (dict(panel="odd"), dict(panel="words", columns=0)):
        with pytest.raises(ValueError, match="panel must be one of|one column"):
            line_plots.line_panels({"a": scene}, **wrong)


def test_summary_has_all_panels(scene):
    figure = line_plots.line_summary(scene)
    assert [ax.get_title() for ax in figure.axes] == list(PANELS)
    assert figure._repr_svg_().startswith("<?xml")


def test_null_of_the_alignment_is_a_density(scene):
    (ax,) = line_plots.line_panel(scene, "alignment").axes
    (null,) = (line for line in ax.lines if line.get_label() == "random")
    t, density = null.get_data()
    assert abs(np.trapezoid(density, t) - 1) < 0.01 and np.allclose(density, 0.5, atol=0.01)  # a sphere in 3-space


def test_time_constants_of_the_three_places(scene):
    figure = line_plots.eigenmodes(scene)
    ranked = figure.axes[3].lines
    assert len(ranked) == 3
    for line in ranked:
        np.testing.assert_allclose(line.get_ydata(), [1e4, 1 / math.log(2), 1 / math.log(5)], rtol=1e-2)


def test_heat_maps_end_with_their_text(reading):
    figure = line_plots.activity(reading.traces, reading.traced.tolist(), ["a", "b"])
    images = [ax.images[0].get_array() for ax in figure.axes if ax.images]
    assert [image.shape for image in images] == [(3, 40), (3, 15)]
    np.testing.assert_allclose(images[1][0], reading.traces[1, :15, 0])
    with pytest.raises(ValueError, match="2 texts, 1 lengths and 2 titles"):
        line_plots.activity(reading.traces, [40], ["a", "b"])


def test_curves_over_steps(reading):
    speeds = torch.full((5, 10), 0.1) / torch.arange(1, 11)
    (ax,) = line_plots.velocity(speeds, bound=1e-2).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), speeds[0])
    with pytest.raises(ValueError, match="positive"):
        line_plots.velocity(torch.zeros(2, 3), bound=1e-2)
    (ax,) = line_plots.drift(reading.drift).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), reading.drift[1])


def test_lines_of_waiting_begin_in_the_colour_of_their_logit():
    logits = torch.tensor([[-2.0, -1.0], [2.0, 1.0]])
    figure = line_plots.waiting({"a": logits, "b": logits, "c": logits})
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c"]
    colours = [tuple(np.round(line.get_color()[:3], 2)) for line in figure.axes[0].lines]
    assert colours == [tuple(np.round(np.array(_rgb(c)), 2)) for c in (NEGATIVE, POSITIVE)]
    with pytest.raises(ValueError, match="at least one network"):
        line_plots.waiting({})


def _rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def test_one_step_joins_each_state_to_its_prediction(scene):
    path = torch.tensor([[0.0, 0.0], [0.1, 0.0], [0.2, 0.1]])
    ahead = path + 0.01
    above, below = line_plots.one_step(scene, path, ahead, torch.linspace(0.01, 0.4, 50)).axes
    joins = [line.get_xydata() for line in above.lines if len(line.get_xydata()) == 2 and line.get_linestyle() == "--"]
    assert len(joins) == 2
    np.testing.assert_allclose(joins[1], [[0.1, 0.0], [0.21, 0.11]], rtol=1e-5)
    assert sum(patch.get_height() for patch in below.patches) == 50
    with pytest.raises(ValueError, match="agree in shape"):
        line_plots.one_step(scene, path, ahead[:2], torch.ones(3))
