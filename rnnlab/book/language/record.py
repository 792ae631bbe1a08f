"""What a classifier did on the texts of a test split: enough of it to be studied where the texts are not at hand."""

from dataclasses import dataclass, fields

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab.book.corpora import Corpus, Split
from rnnlab.book.language.baselines import linearized
from rnnlab.book.language.classifier import TextClassifier, last_states
from rnnlab.dynamics.slow_points import find_slow_points
from rnnlab.geometry import PCA, pca

DOCUMENTS = 1000  # test texts whose states are looked at
SAMPLE = 2500  # visited states kept
TRACE = 150  # tokens of the two texts that are kept step by step
HORIZON = 40  # steps over which the linear network is followed


@dataclass(frozen=True)
class ReadingRecord:
    """A classifier's test split, and states that it visited there. Weights, states and logits are float16 on disk.

    Attributes:
        logits (texts, out): after the last token of every test text.
        labels (texts,): its class.
        states (2500, state): met before some token of 1,000 of the texts, drawn at random.
        tokens (2500,): the ids of these tokens.
        classes (2500,): the classes of their texts.
        mean (state,): of *all* states of these texts.
        components (5, state): their principal axes.
        variance (state,): shares of the variance along each axis.
        untrained_variance (state,): the shares for the same network before its training.
        traces (classes, steps, state): at most 150 states of one text of each class; of Yelp, whose texts may not be
            passed on, of its words in random order.
        traced (classes,): how many there are.
        linear_rows (1000,): which test texts the network linearised at one point read.
        linear_logits (1000, out): its logits.
        drift (3, 40): quartiles of ‖h_k − g_k‖ / ‖h_k‖ over the texts, where the linearisation g at a point of the line
            next to h_0 began to run beside the network k steps before.
    """

    logits: Float[Tensor, "texts out"]
    labels: Int[Tensor, " texts"]
    states: Float[Tensor, "sample state"]
    tokens: Int[Tensor, " sample"]
    classes: Int[Tensor, " sample"]
    mean: Float[Tensor, " state"]
    components: Float[Tensor, "axes state"]
    variance: Float[Tensor, " state"]
    untrained_variance: Float[Tensor, " state"]
    traces: Float[Tensor, "classes steps state"]
    traced: Int[Tensor, " classes"]
    linear_rows: Int[Tensor, " documents"]
    linear_logits: Float[Tensor, "documents out"]
    drift: Float[Tensor, "quartiles horizon"]

    @property
    def pca(self) -> PCA:
        """The principal axes, for pictures."""
        return PCA(self.mean.double(), self.components.double(), self.variance.double())

    @property
    def tensors(self) -> dict[str, Tensor]:
        """All fields, as they are kept on disk."""
        return {field.name: _short(getattr(self, field.name)) for field in fields(self)}


def _short(tensor):
    return tensor.half() if tensor.is_floating_point() else tensor.int()


def record_reading(
    classifier: TextClassifier, untrained: TextClassifier, corpus: Corpus, seed: int = 0
) -> ReadingRecord:
    """The `ReadingRecord` of a corpus's test split; `untrained` is the classifier before its training."""
    generator = torch.Generator().manual_seed(seed)
    test: Split = corpus["test"]
    numbered = classifier.encode(test.texts)
    with torch.no_grad():
        logits = classifier.network.outputs(last_states(classifier, numbered))
    rows = torch.randperm(len(test), generator=generator)[:DOCUMENTS]
    documents = [numbered[i] for i in rows.tolist()]
    states = [_states(classifier, text) for text in documents]
    before, tokens, classes = (
        torch.cat([part[:-1] for part in states]),
        torch.cat([text[1:] for text in documents]),
        torch.cat([test.labels[row].expand(len(text) - 1) for row, text in zip(rows, documents)]),
    )
    drawn = torch.randperm(len(before), generator=generator)[:SAMPLE]
    axes = pca(torch.cat(states), 5)
    variance = pca(torch.cat([_states(untrained, text) for text in documents]), 1).explained_variance_ratio
    linear_logits, drift = _linear(classifier, before[drawn[:300]], documents, states, generator)
    traces, traced = _traces(classifier, logits, numbered, test.labels, shuffled=corpus.name.startswith("yelp"))
    return ReadingRecord(
        logits, test.labels, before[drawn], tokens[drawn], classes[drawn],
        axes.mean, axes.components, axes.explained_variance_ratio, variance,
        traces, traced, rows, linear_logits, drift,
    )  # fmt: skip


def _states(classifier, text):
    with torch.no_grad():
        return classifier(text[None])[1][0]


def _traces(classifier, logits, numbered, labels, *, shuffled):
    """Of each class the text that is long enough, or the longest of 200, and is classified with most certainty.

    `shuffled` has its words read in random order: from the states of a text one could find the text.
    """
    generator = torch.Generator().manual_seed(0)
    classes = len(classifier.classes)
    traces, traced = torch.zeros(classes, TRACE, classifier.cell.state_size), torch.zeros(classes, dtype=torch.int64)
    sides = torch.cat([-logits, logits], 1) if classes == 2 else logits
    for label in range(classes):
        of_class = (labels == label).nonzero()[:, 0].tolist()
        longest = sorted(of_class, key=lambda i: -min(len(numbered[i]), TRACE))[:200]
        text = numbered[max(longest, key=lambda i: float(sides[i, label]))][:TRACE]
        text = text[torch.randperm(len(text), generator=generator)] if shuffled else text
        traces[label, : len(text)], traced[label] = _states(classifier, text), len(text)
    return traces[:, : int(traced.max())], traced


def _linear(classifier, starts, documents, states, generator):
    """Logits of the network linearised at the point of the line next to indecision, and the drift from the network."""
    points = find_slow_points(classifier.cell.at(torch.zeros(classifier.cell.input_size)), starts, tolerance=1e-6)
    points = points.to(classifier.embeddings.dtype)
    with torch.no_grad():
        undecided = points[classifier.network.outputs(points).norm(dim=1).argmin()]
        linear = linearized(classifier, undecided)
        logits = linear.network.outputs(last_states(linear, documents))
    errors = []
    for i in torch.randperm(len(documents), generator=generator).tolist():
        if len(documents[i]) <= HORIZON or len(errors) == 200:
            continue
        start = int(torch.randint(len(documents[i]) - HORIZON, (), generator=generator))
        h0 = states[i][start]
        linear = linearized(classifier, points[(points - h0).norm(dim=1).argmin()])
        inputs = classifier.embed(documents[i][start + 1 : start + 1 + HORIZON])[None]
        with torch.no_grad():
            beside = linear.network(inputs, h0[None])[1][0]
        there = states[i][start + 1 : start + 1 + HORIZON]
        errors.append((beside - there).norm(dim=1) / there.norm(dim=1))
    return logits, torch.stack(errors).quantile(torch.tensor([0.25, 0.5, 0.75]), dim=0)
