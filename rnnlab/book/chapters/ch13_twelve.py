"""What is measured of the line attractor of each of twelve classifiers."""

from dataclasses import dataclass

import torch
from scipy.stats import spearmanr
from torch.nn.functional import cosine_similarity

from rnnlab import geometry
from rnnlab.book.language import BagOfWords, ReadingRecord, TextClassifier, find_line, line_plots, one_step_errors
from rnnlab.dynamics import find_slow_points, iterate

WORDS = 100  # of each kind, whose pushes are looked at
PARTS = 50  # of the range of visited logits
STARTS_AT_MEAN = 80  # visited states led towards the points at the mean embedding


@dataclass(frozen=True)
class LineMeasures:
    """Numbers about the line of one classifier, and its `scene` for the pictures.

    Attributes:
        points: distinct approximate fixed points; straightness: the share of their variance along one axis, m.
        coverage: the share of the range of visited logits that they span; filled: of 50 equal parts of it, the share
            that hold a point.
        order: rank correlation of θ with the position along m.
        readout_over_chance: cosine of m and the readout, in units of 4 / √units: the best of 10,000 random ones.
        tau_1, tau_2: median time constants of the mode that integrates and of the slowest other one, in tokens.
        least_overlap, median_overlap: of |r₁ · m|; overlap_over_chance: the least, in units of 4 / √state.
        separated, between: shares of points at which the mean pushes of positive and negative words have their signs,
            and at which that of neutral words lies between them.
        opposed: the largest scalar product of the mean jumps of positive and of negative words, at three points.
        share_of_three: of the variance of visited states, on three axes.
        axes_ratio: axes for 90 % of the variance before the training, over those after it.
        velocity: median ‖F(h) − h‖ / ‖h‖ in the tenth step without input.
        error: the median of one linear step.
        span_at_mean: the range of logits of points at the mean embedding, over that of the points at 0.
    """

    scene: line_plots.Scene
    points: int
    straightness: float
    coverage: float
    filled: float
    order: float
    readout_over_chance: float
    tau_1: float
    tau_2: float
    least_overlap: float
    median_overlap: float
    overlap_over_chance: float
    separated: float
    between: float
    opposed: float
    share_of_three: float
    axes_ratio: float
    velocity: float
    error: float
    span_at_mean: float

    @property
    def tau_ratio(self) -> float:
        """τ₁ / τ₂."""
        return self.tau_1 / self.tau_2


def measure_line(
    classifier: TextClassifier, record: ReadingRecord, bag: BagOfWords, *, most: int | None = None
) -> LineMeasures:
    """The line of a classifier, and what words do along it.

    Args:
        bag: names the words that are positive, negative and neutral.
        most: visited states to look for the line from; all of the record's if None.

    Raises:
        ValueError: as `find_line` does.
    """
    cell, readout = classifier.cell, classifier.network.readout.weight[0].detach().double()
    line = find_line(classifier, record.states[:most])
    scene = line_plots.Scene.from_record(classifier, record, line, bag.extreme_words(WORDS))
    F = cell.at(torch.zeros(cell.input_size))
    h = iterate(F, record.states[:500], 9)
    negative, neutral, positive = (scene.pushes[kind] for kind in ("negative", "neutral", "positive"))
    good, bad = (scene.input_jumps[kind].mean(1) for kind in ("positive", "negative"))
    trained, untrained = (geometry.axes_needed(v, 0.9) for v in (record.variance, record.untrained_variance))
    tau = scene.time_constants.median(0).values
    overlap = line.alignment.abs()
    return LineMeasures(
        scene=scene,
        points=len(line.points),
        straightness=line.straightness,
        coverage=line.coverage,
        filled=_share(line.logits.float().histc(PARTS, *line.visited.tolist()) > 0),
        order=float(spearmanr(line.theta, line.points @ line.direction).statistic),
        readout_over_chance=float(cosine_similarity(line.direction[: cell.units], readout, dim=0))
        / 4
        * cell.units**0.5,
        tau_1=float(tau[0]),
        tau_2=float(tau[1]),
        least_overlap=float(overlap.min()),
        median_overlap=float(overlap.median()),
        overlap_over_chance=float(overlap.min()) / 4 * cell.state_size**0.5,
        separated=_share((negative < 0) & (positive > 0)),
        between=_share((negative < neutral) & (neutral < positive)),
        opposed=float((good * bad).sum(1).max()),
        share_of_three=float(record.variance[:3].sum()),
        axes_ratio=float(untrained / trained),
        velocity=float(((F(h) - h).norm(dim=1) / h.norm(dim=1)).median()),
        error=float(one_step_errors(classifier, line, record.states, record.tokens).median()),
        span_at_mean=_span_at_mean(classifier, record) / float(line.logits.max() - line.logits.min()),
    )


def _share(true):
    return float(true.double().mean())


def _span_at_mean(classifier, record):
    """The range of the logits at points that 80 visited states lead to, under the mean embedding."""
    mean_x = classifier.embeddings[1:].detach().mean(0)
    points = find_slow_points(classifier.cell.at(mean_x), record.states[:STARTS_AT_MEAN])
    logits = classifier.network.outputs(points.to(mean_x))[:, 0].detach()
    return float(logits.max() - logits.min()) if len(logits) else 0.0
