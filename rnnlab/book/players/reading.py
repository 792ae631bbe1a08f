"""The player that reads: a text classifier in a web page, which runs over the reader's own words.

`reading.js` takes the text apart as `rnnlab.book.corpora.tokenize` does, looks the tokens up, and runs the recurrence.
"""

import base64
from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab.book.corpora import UNKNOWN
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.geometry import PCA
from rnnlab.live.export import export_network, pack
from rnnlab.live.page import COLOURS, Player
from rnnlab.plots.style import NEGATIVE, POSITIVE

HERE = Path(__file__).parent
BINS = (40, 28)  # of the density of visited states, along PC1 and PC2
SHOWN = (0.005, 0.995)  # the range of the density, as quantiles along each axis: few states would make it wide and pale
STRONG = 0.99  # the share of the known words that push less than what gets the full colour
EXAMPLES = (
    "The plot is thin and the first hour drags, but the acting is wonderful and the ending is beautiful.",
    "bad",
    "not bad",
    "good",
    "not good",
)
CLASSES = {"negative": NEGATIVE, "positive": POSITIVE}


class ReadingPlayer(Player):
    """A text classifier that runs in a web page. Notebooks display it; `html` is the same for a page of one's own."""

    _tag = "rnnlab-reading"
    _script = HERE / "reading.js"
    _styles = (*Player._styles, HERE / "sides.css", HERE / "reading.css")

    def __repr__(self):
        network, words = self.model["network"], self.model["words"].count("\n") + 1
        return f"ReadingPlayer({network['cell']}, {network['units']} units, {words:,} words)"


def reading(
    classifier: TextClassifier,
    pca: PCA,
    points: Float[Tensor, "points state"],
    pushes: Float[Tensor, "points input"],
    states: Float[Tensor, "n state"],
    labels: Int[Tensor, " n"],
    *,
    examples: Sequence[str] = EXAMPLES,
    title: str = "",
    caption: str = "",
) -> ReadingPlayer:
    """A classifier of two classes as a `ReadingPlayer`: type a text, and watch the network read it token by token.

    The push of a word with the embedding x is w · x at the nearest of `points` to the state before the word, where
    w = (V · r₁) J_inpᵀ ℓ₁: what the slowest mode keeps of the word, in logits. Positive is towards the second class,
    whatever the signs of the eigenvectors.

    Args:
        classifier: of a GRU, LSTM, UGRNN or (tanh) VanillaRNN cell. Weights are exported in their own dtype, embeddings
            in float16.
        pca: the picture's plane, of which the first two components are used; the first is turned so that the logit
            grows to the right.
        points (points, state): slow points along the line attractor, in any order.
        pushes (points, input): w at each of them.
        states (n, state): that real texts led to. Only their density in the plane is exported, by class.
        labels (n,): the class, 0 or 1, of the text.
        examples: texts at one click; the first is read when the page opens.
        title, caption: plain text above and below.

    Raises:
        TypeError: for what is not a classifier, a known cell or a linear readout.
        ValueError: for another number of classes, words with blanks in them, shapes that do not fit each other, labels
            other than 0 and 1, states that do not vary in the plane, or numbers that are not finite.
    """
    if not isinstance(classifier, TextClassifier):
        raise TypeError(f"classifier must be a TextClassifier, got {type(classifier).__name__}")
    if len(classifier.classes) != 2:
        raise ValueError(f"a player reads for two classes; the classifier has {len(classifier.classes)}")
    network = export_network(classifier.network)
    words = classifier.vocabulary.words
    if blank := [word for word in words if word.split() != [word]]:
        raise ValueError(f"the words of the vocabulary must have no blanks in them, got {blank[0]!r}")
    size, inputs = classifier.cell.state_size, classifier.cell.input_size
    if pca.components.shape[0] < 2 or pca.components.shape[1] != size:
        raise ValueError(f"pca must have components (≥ 2, {size}), got {tuple(pca.components.shape)}")
    for name, tensor, width in (("points", points, size), ("pushes", pushes, inputs), ("states", states, size)):
        if tensor.ndim != 2 or not len(tensor) or tensor.shape[1] != width:
            raise ValueError(f"{name} must be of shape (≥ 1, {width}), got {tuple(tensor.shape)}")
        if not torch.isfinite(tensor).all():
            raise ValueError(f"{name} must be finite")
    if len(pushes) != len(points):
        raise ValueError(f"pushes must have a row for each of the {len(points)} points, got {len(pushes)}")
    if labels.shape != states.shape[:1] or not ((labels == 0) | (labels == 1)).all():
        raise ValueError(f"labels must be 0 or 1 for each of the {len(states)} states")
    embeddings = classifier.embeddings.detach().half()
    if not torch.isfinite(embeddings).all():
        raise ValueError("the classifier's embeddings must be finite, also in float16")

    mean, components = pca.mean.detach(), pca.components[:2].detach()
    readout = classifier.network.readout.weight[0].detach().to(components)
    # The readout sees the first entries of the state only: an LSTM's h, not its c.
    if readout @ components[0, : len(readout)] < 0:
        components = components * components.new_tensor([[-1], [1]])
    strong = (embeddings[UNKNOWN + 1 :].to(pushes) @ pushes.T).abs().flatten()
    return ReadingPlayer(
        {
            "title": title,
            "caption": caption,
            "network": network,
            "words": "\n".join(words),
            "embeddings": _halves(embeddings),
            "classes": list(classifier.classes),
            "pca": {"mean": pack(mean), "components": pack(components)},
            "line": {"states": _halves(points), "pushes": pack(pushes)},
            "strong": strong.kthvalue(max(1, round(STRONG * len(strong)))).values.item(),
            "density": _density((states.to(mean) - mean) @ components.T, labels),
            "examples": list(examples),
            "colours": COLOURS | CLASSES,
        }
    )


def _density(coordinates, labels):
    """The range of the plane that most states are in, and how many of each label are in each bin there, row by row."""
    low, high = coordinates.quantile(coordinates.new_tensor(SHOWN), dim=0)
    if not (low < high).all():
        raise ValueError("states must vary along both components")
    ends = [end for axis in zip(low.tolist(), high.tolist()) for end in axis]
    counts = [
        torch.histogramdd(coordinates[labels == label].cpu(), list(BINS), range=ends).hist.int().T.flatten().tolist()
        for label in (0, 1)
    ]
    return {"range": ends, "bins": list(BINS), "counts": counts}


def _halves(tensor: Tensor) -> dict[str, str]:
    """{"f2": base64}: the tensor's numbers row by row, in float16."""
    array = tensor.detach().cpu().half().numpy().astype("<f2")
    return {"f2": base64.b64encode(array.tobytes()).decode("ascii")}
