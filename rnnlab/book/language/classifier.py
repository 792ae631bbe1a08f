"""A recurrent network that reads a text, token by token, and says its class."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import embedding

from rnnlab.book.corpora import UNKNOWN, Split, Vocabulary, tokenize
from rnnlab.cells import Cell
from rnnlab.network import Network


class TextClassifier(nn.Module):
    """Token ids → embeddings x_t → a network's states h_t = F(h_{t−1}, x_t) → logits at the last token.

    With two classes there is one logit, positive for the second class; with more, one for each. `card` says what a
    pretrained classifier is.

    Attributes:
        embeddings (words, input): row 0 is zero; for an unknown token the network runs as without input.

    Raises:
        ValueError: if vocabulary, embeddings, network and classes do not fit one another.
    """

    def __init__(
        self, vocabulary: Vocabulary, embeddings: Float[Tensor, "words input"], network: Network, classes: Sequence[str]
    ):
        super().__init__()
        fits = embeddings.ndim == 2 and embeddings.shape[1] == network.cell.input_size
        if not fits or len(embeddings) != len(vocabulary):
            raise ValueError(
                f"a vocabulary of {len(vocabulary) - 1} words and a network of {network.cell.input_size} inputs need "
                f"embeddings of shape ({len(vocabulary)}, {network.cell.input_size}), got {tuple(embeddings.shape)}"
            )
        outputs = 1 if len(classes) == 2 else len(classes)
        if len(classes) < 2 or network.readout.out_features != outputs:
            raise ValueError(f"{len(classes)} classes do not fit a network of {network.readout.out_features} outputs")
        self.vocabulary, self.network, self.classes = vocabulary, network, tuple(classes)
        self.embeddings = nn.Parameter(embeddings)
        self.card = None

    @classmethod
    def from_cell(
        cls, vocabulary: Vocabulary, cell: Cell, classes: Sequence[str], *, generator: torch.Generator | None = None
    ) -> "TextClassifier":
        """A cell with a new readout and new embeddings, normal with standard deviation 0.1."""
        embeddings = 0.1 * torch.randn(len(vocabulary), cell.input_size, generator=generator)
        embeddings[UNKNOWN] = 0
        network = Network.from_cell(cell, 1 if len(classes) == 2 else len(classes), generator=generator)
        return cls(vocabulary, embeddings, network, classes)

    def extra_repr(self):
        return f"{self.vocabulary!r}, classes={self.classes}"

    @property
    def cell(self) -> Cell:
        """The network's cell."""
        return self.network.cell

    def embed(self, tokens: Int[Tensor, "*batch"]) -> Float[Tensor, "*batch input"]:
        """The network's input at each token number."""
        return embedding(tokens, self.embeddings, padding_idx=UNKNOWN)

    def forward(
        self, tokens: Int[Tensor, "batch time"]
    ) -> tuple[Float[Tensor, "batch time out"], Float[Tensor, "batch time state"]]:
        """Logits and states after every token. Pad with 0 on the right: a state depends on no later token."""
        return self.network(self.embed(tokens))

    def classify(self, text: str) -> tuple[list[str], Float[Tensor, "time out"], Float[Tensor, "time state"]]:
        """Tokens of one text, the logits after each, and the states.

        Raises:
            ValueError: for a text without tokens.
        """
        tokens = tokenize(text)
        if not tokens:
            raise ValueError(f"the text has no word to read: {text!r}")
        with torch.no_grad():
            logits, states = self(self.vocabulary.encode(tokens)[None])
        return tokens, logits[0], states[0]

    def encode(self, texts: Sequence[str]) -> list[Int[Tensor, "_"]]:
        """Each text as token numbers; one unknown token for a text without any."""
        return [self.vocabulary.encode(tokenize(text) or [""]) for text in texts]

    def predict(self, logits: Float[Tensor, "*batch out"]) -> Int[Tensor, "*batch"]:
        """The class that logits stand for."""
        return (logits[..., 0] > 0).long() if len(self.classes) == 2 else logits.argmax(-1)


def last_states(
    classifier: TextClassifier, numbered: Sequence[Int[Tensor, "_"]], batch_size: int = 256
) -> Float[Tensor, "texts state"]:
    """The state after the last token of each text: of numbered tokens, of any lengths. No gradient."""
    order = sorted(range(len(numbered)), key=lambda i: len(numbered[i]))
    ends = torch.empty(len(numbered), classifier.cell.state_size, dtype=classifier.embeddings.dtype)
    with torch.no_grad():
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            texts = [numbered[i] for i in rows]
            states = classifier(nn.utils.rnn.pad_sequence(texts, batch_first=True))[1]
            ends[rows] = states[range(len(texts)), [len(text) - 1 for text in texts]]
    return ends


def accuracy(classifier: TextClassifier, split: Split) -> float:
    """The share of texts, read in full, whose class is predicted right."""
    with torch.no_grad():
        logits = classifier.network.outputs(last_states(classifier, classifier.encode(split.texts)))
    return (classifier.predict(logits) == split.labels).double().mean().item()
