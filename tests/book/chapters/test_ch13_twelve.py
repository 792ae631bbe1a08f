"""Measures of a planted line."""

import math

import pytest
import torch

from rnnlab import Network, VanillaRNN
from rnnlab.book.chapters import ch13_twelve
from rnnlab.book.corpora import Corpus, Split, Vocabulary
from rnnlab.book.language import BagOfWords, TextClassifier
from rnnlab.book.language.record import record_reading

WORDS = tuple(f"{kind}{k}" for kind in "pmn" for k in range(100))  # plus, minus and nothing
RATE = 1 / 500


@pytest.fixture(scope="module")
def integrator():
    """One unit (nearly) adds up what its words say, five forget; the words say +, − and nothing."""
    cell = VanillaRNN(2, 6)
    with torch.no_grad():
        cell.U.copy_(torch.diag(torch.tensor([1 - RATE, 0.3, 0.2, 0.1, 0.05, 0.02])))
        cell.W.copy_(torch.tensor([[0.01, 0], [0, 0.01]]).repeat(3, 1))
        cell.b.zero_()
        network = Network.from_cell(cell, 1)
        network.readout.weight.copy_(torch.tensor([[5.0, 0, 0, 0, 0, 0]]))
        network.readout.bias.zero_()
    kinds = torch.tensor([[1.0, 0], [-1, 0], [0, 1]]).repeat_interleave(100, 0)
    embeddings = torch.cat([torch.zeros(1, 2), kinds])
    return TextClassifier(Vocabulary(WORDS), embeddings, network, ("negative", "positive")).requires_grad_(False)


@pytest.fixture(scope="module")
def record(integrator):
    """What the integrator does on random texts, whose label is the sign of their sum."""
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(1, 301, (12, 160), generator=generator)
    labels = ((tokens <= 100).sum(1) > ((100 < tokens) & (tokens <= 200)).sum(1)).long()
    texts = tuple(" ".join(WORDS[token - 1] for token in text) for text in tokens.tolist())
    split = Split(texts, labels)
    corpus = Corpus(
        "made up", ("negative", "positive"), dict.fromkeys(("train", "validation", "test"), split), "", "0" * 64
    )
    return record_reading(integrator, integrator, corpus)


@pytest.fixture(scope="module")
def bag(integrator):
    coefficients = torch.cat([torch.zeros(1), integrator.embeddings[1:, 0]])
    return BagOfWords(integrator.vocabulary, coefficients, torch.ones(301), 0.0)


@pytest.fixture(scope="module")
def measures(integrator, record, bag):
    return ch13_twelve.measure_line(integrator, record, bag, most=600)


def test_a_planted_line_is_measured(measures):
    assert measures.points >= 400 and measures.straightness > 0.999 and measures.order > 0.999
    # Units saturate: away from 0 they forget faster.
    assert 300 < measures.tau_1 < 501 and measures.tau_2 == pytest.approx(-1 / math.log(0.3), rel=0.05)
    assert measures.tau_ratio == measures.tau_1 / measures.tau_2
    assert measures.least_overlap > 0.999 and measures.median_overlap >= measures.least_overlap
    # Cosines are 1, and 4 / √6 is chance.
    assert measures.readout_over_chance == measures.overlap_over_chance == pytest.approx(6**0.5 / 4, abs=1e-3)
    assert 0.5 < measures.filled <= measures.coverage + 2 / 50 and measures.coverage <= 1


def test_words_push_apart(measures):
    assert measures.separated == measures.between == 1
    assert measures.opposed < 0


def test_a_network_that_is_not_trained_needs_no_fewer_axes(measures):
    assert measures.axes_ratio == 1 and measures.share_of_three > 0.99
    assert measures.velocity < 0.01 and measures.error < 0.01


def test_the_mean_embedding_carries_the_points_to_one_place(integrator, record, bag):
    praise = TextClassifier(
        integrator.vocabulary, integrator.embeddings.abs(), integrator.network, integrator.classes
    ).requires_grad_(False)
    assert ch13_twelve.measure_line(praise, record, bag, most=600).span_at_mean < 0.1


def test_no_line_is_refused(integrator, record, bag):
    with pytest.raises(ValueError, match="lead to only"):
        ch13_twelve.measure_line(integrator, record, bag, most=1)
