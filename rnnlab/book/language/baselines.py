"""What can be done with less: logistic regression on a bag of words, and the network made linear."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.func import jacrev

from rnnlab.book.corpora import UNKNOWN, Split, Vocabulary, tokenize
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.cells import LinearRNN
from rnnlab.network import Network

STRENGTHS = (0.5, 1.0, 2.0, 4.0)  # inverse regularisations tried; the validation split decides


@dataclass(frozen=True)
class BagOfWords:
    """Logistic regression on weighted word counts, for two classes: positive logits stand for the second.

    A text with n_w occurrences of word w has the features φ_w = (1 + ln n_w) idf_w (0 for n_w = 0), scaled to ‖φ‖ = 1,
    and the logit b + Σ_w β_w φ_w.

    Attributes:
        coefficients, idf: β and idf, (words,), by the token ids of `vocabulary`; both 0 at 0.
    """

    vocabulary: Vocabulary
    coefficients: Float[Tensor, " words"]
    idf: Float[Tensor, " words"]
    bias: float

    @classmethod
    def fit(cls, vocabulary: Vocabulary, train: Split, validation: Split) -> "BagOfWords":
        """By scikit-learn, with the regularisation that is best on the validation split."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        features = TfidfVectorizer(analyzer=tokenize, vocabulary=vocabulary.words, sublinear_tf=True)
        known, unseen = features.fit_transform(train.texts), features.transform(validation.texts)
        fits = [LogisticRegression(C=C, max_iter=1000).fit(known, train.labels.numpy()) for C in STRENGTHS]
        best = max(fits, key=lambda fit: fit.score(unseen, validation.labels.numpy()))
        blank = torch.zeros(1)
        coefficients, idf = (torch.from_numpy(a).float() for a in (best.coef_[0], features.idf_))
        return cls(vocabulary, torch.cat([blank, coefficients]), torch.cat([blank, idf]), float(best.intercept_[0]))

    def logits(self, numbered: Sequence[Int[Tensor, "_"]]) -> Float[Tensor, " texts"]:
        """The logit of each text, given as token numbers."""
        return torch.stack([self._logit(tokens) for tokens in numbered])

    def _logit(self, tokens):
        words, counts = tokens[tokens != UNKNOWN].unique(return_counts=True)
        features = (1 + counts.log()) * self.idf[words]
        return self.bias + self.coefficients[words] @ features / features.norm().clamp(min=1e-12)

    @property
    def valence(self) -> Float[Tensor, " words"]:
        """β_w idf_w: what one occurrence of each word adds to the logit, up to the text's scale."""
        return self.coefficients * self.idf

    def extreme_words(self, count: int) -> dict[str, Int[Tensor, " count"]]:
        """Numbers of the `count` most positive, most negative and least valenced words, by their coefficients β."""
        order = self.coefficients[1:].argsort() + 1
        neutral = self.coefficients[1:].abs().argsort() + 1
        return {"positive": order[-count:].flip(0), "negative": order[:count], "neutral": neutral[:count]}


def linearized(classifier: TextClassifier, h: Float[Tensor, " state"]) -> TextClassifier:
    """The linear network h′ = F(h*, 0) + DF (h − h*) + (∂F/∂x) x, at h* = `h`, with the classifier's words and readout.

    Source: Maheswaranathan et al. 2019, equation 1.
    """
    cell = classifier.cell
    zero = h.new_zeros(cell.input_size)
    with torch.no_grad():
        J, W = jacrev(lambda h, x: cell(x, h), argnums=(0, 1))(h, zero)
        linear = LinearRNN(cell.input_size, cell.state_size).to(h)
        linear.U.copy_(J), linear.W.copy_(W), linear.b.copy_(cell(zero, h) - J @ h)
        network = Network.from_cell(linear, classifier.network.readout.out_features).to(h)
        network.readout.weight.zero_()[:, : cell.units] = classifier.network.readout.weight
        network.readout.bias.copy_(classifier.network.readout.bias)
    return TextClassifier(classifier.vocabulary, classifier.embeddings.detach(), network, classifier.classes)
