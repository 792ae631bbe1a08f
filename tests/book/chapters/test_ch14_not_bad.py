"""What words do to the words after them: in networks and bags of words that are built to be modified."""

import pytest
import torch

from rnnlab import Network
from rnnlab.book.chapters import ch14_not_bad
from rnnlab.book.corpora import Split, Vocabulary
from rnnlab.book.language import BagOfWords, ModifiedWords, TextClassifier, pretrained
from rnnlab.cells import Cell

WORDS = Vocabulary(("good", "bad", "not", "very", "film"))
GOOD, BAD, NOT, VERY, FILM = range(1, 6)
VALENCED, SIGNS = torch.tensor([GOOD, BAD]), torch.tensor([1.0, -1.0])


class Gated(Cell):
    """l' = l + v(x) (1 + m), m' = m/2 + u(x): a line l, and a modifier m that multiplies what comes and halves.

    The inputs are (v, u). A third number, n' = n/4 + u, does nothing; l falls back by 1e-3 of itself.
    """

    gates = 1

    def __init__(self):
        super().__init__(2, 3)

    def project(self, x):
        return x

    def step(self, a, h):
        v, u = a.unbind(-1)
        l, m, n = h.unbind(-1)
        v, u, l, m, n = torch.broadcast_tensors(v, u, l, m, n)
        return torch.stack([0.999 * l + v * (1 + m), m / 2 + u, n / 4 + u], -1)


@pytest.fixture(scope="module")
def classifier():
    embeddings = torch.tensor([[0.0, 0.0], [0.5, 0.0], [-0.4, 0.0], [-0.1, -2.0], [0.0, 0.6], [0.0, 0.0]])
    network = Network.from_cell(Gated(), 1)
    with torch.no_grad():
        network.readout.weight.copy_(torch.tensor([[2.0, 0.0, 0.0]]))
        network.readout.bias.zero_()
    return TextClassifier(WORDS, embeddings, network, ("negative", "positive")).requires_grad_(False)


@pytest.fixture(scope="module")
def rest(classifier):
    return ch14_not_bad.find_neutral_state(
        classifier, torch.tensor([[3.0, 1.0, 1.0], [1e-9, 1.0, -1.0], [-2.0, 0.0, 1.0]])
    )


def test_rest_is_the_undecided_state_with_its_slowest_mode(classifier, rest):
    torch.testing.assert_close(rest.state, torch.zeros(3), rtol=0, atol=1e-6)
    torch.testing.assert_close(rest.right, torch.tensor([1.0, 0, 0]), rtol=0, atol=1e-5)
    torch.testing.assert_close(rest.left, torch.tensor([1.0, 0, 0]), rtol=0, atol=1e-5)
    assert rest.slope == pytest.approx(2)
    d = torch.tensor([[0.3, 5.0, -1.0]])
    assert float(rest.lasting(d)) == pytest.approx(0.6)
    torch.testing.assert_close(rest.off_line(d), torch.tensor([[0.0, 5.0, -1.0]]), rtol=0, atol=1e-5)


@pytest.mark.parametrize("words, gain", [([], 1.0), (["not"], -1.0), (["very"], 1.6), (["not", "film"], 0.0)])
def test_gain_of_a_planted_gate(classifier, rest, words, gain):
    h = ch14_not_bad.after(classifier, rest.state, words)[None]
    kept = 0.999**30  # of what is on the line, after 30 tokens of nothing
    without = ch14_not_bad.logit_effects(classifier, rest.state[None], VALENCED)[0]
    torch.testing.assert_close(without, kept * torch.tensor([1.0, -0.8]), rtol=0, atol=1e-5)
    effects = ch14_not_bad.logit_effects(classifier, h, VALENCED)
    assert float(ch14_not_bad.modifier_gain(effects, without, SIGNS)) == pytest.approx(gain, abs=1e-5)


def test_search_finds_the_modifiers(classifier, rest):
    gains, own = ch14_not_bad.search(classifier, rest, VALENCED, SIGNS)
    expected = torch.tensor([1.0, 1.0, 1.0, -1.0, 1.6, 1.0])
    torch.testing.assert_close(gains, expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(own, torch.tensor([0.0, 1.0, -0.8, -0.2, 0.0, 0.0]), rtol=0, atol=1e-5)


def test_axes_of_modifiers_are_off_the_line(classifier, rest):
    axes, shares = ch14_not_bad.modifier_axes(classifier, rest, torch.tensor([NOT, VERY]))
    torch.testing.assert_close(shares, torch.tensor([1.0, 0.0]), rtol=0, atol=1e-5)
    torch.testing.assert_close(axes[0].abs(), torch.tensor([0.0, 0.5**0.5, 0.5**0.5]), rtol=0, atol=1e-5)


def test_modes_predict_how_long_a_modifier_lasts(classifier, rest):
    displacement = ch14_not_bad.after(classifier, rest.state, ["very"]) - ch14_not_bad.settle(classifier, rest.state, 1)
    gains, shares = ch14_not_bad.predicted_gains(classifier, rest, displacement, VALENCED, SIGNS, 6)
    expected = 1 + 0.6 * 0.5 ** torch.arange(6).double()  # E(h) is linear in m: the prediction is exact
    torch.testing.assert_close(gains, expected, rtol=0, atol=1e-5)
    modulus = rest.modes.eigenvalues[0].abs()
    torch.testing.assert_close(modulus, torch.tensor([0.999, 0.5, 0.25]).double(), rtol=0, atol=1e-6)
    torch.testing.assert_close(shares, torch.tensor([0.0, 0.6, 0.0]).double(), rtol=0, atol=1e-5)


def test_valenced_words_are_those_on_which_bag_and_network_agree(classifier, rest):
    coefficients = torch.tensor([0.0, 1.0, -1.0, -0.5, 0.9, 0.0])  # "very" has no effect: the network does not agree
    bag = BagOfWords(WORDS, coefficients, torch.ones(6), 0.0)
    tokens, signs = ch14_not_bad.valenced_words(classifier, bag, rest, count=1)
    assert (tokens.tolist(), signs.tolist()) == ([GOOD, BAD], [1, -1])
    with pytest.raises(ValueError, match="2 positive words are asked for; bag and network agree on 1"):
        ch14_not_bad.valenced_words(classifier, bag, rest, count=2)


def test_unknown_words_are_refused(classifier, rest):
    with pytest.raises(ValueError, match="lacks dull"):
        ch14_not_bad.after(classifier, rest.state, ["not", "dull"])


def planted():
    """β(good) = 1, β(bad) = −0.5, α(not) = −2 with γ = 0.5, α(very) = 1 with γ ≈ 0, b = 0.1."""
    bag = ModifiedWords(WORDS).requires_grad_(False)
    bag.coefficients[[GOOD, BAD]] = torch.tensor([1.0, -0.5])
    bag.strengths[[NOT, VERY]] = torch.tensor([-2.0, 1.0])
    bag.decays[VERY] = -30
    bag.bias.fill_(0.1)
    return bag


@pytest.mark.parametrize(
    "text, logit",
    [
        ("good", 1.1),
        ("not good", 0.1 - 1),
        ("not bad", 0.1 + 0.5),
        ("very bad", 0.1 - 1),
        ("very film bad", 0.1 - 0.5),
        ("not film good", 0.1),
        ("not very good", 0.1 + 1 - 1 + 1),
        ("not not good", 0.1 + 1 - 2 - 1),
        ("good not", 1.1),
        ("", 0.1),
    ],
)
def test_logit_of_a_bag_with_modifiers(text, logit):
    bag = planted()
    tokens = WORDS.encode(text.split())
    other = torch.tensor([NOT, GOOD])  # texts beside it do not matter
    torch.testing.assert_close(bag([other, tokens, other])[1], torch.tensor(logit), rtol=0, atol=1e-6)


def test_modifiers_reach_ten_words_and_unknown_ones_modify_nothing():
    bag = planted()
    bag.decays[NOT] = 30
    gains = bag.multipliers(torch.tensor([NOT] + [0] * 12))
    assert gains.tolist() == [1] + [-1] * 10 + [1] * 2


def test_a_bag_learns_a_modifier_and_without_modifiers_it_cannot(tmp_path):
    texts, labels = zip(
        *[("good", 1), ("bad", 0), ("good film", 1), ("bad film", 0), ("not good", 0), ("not bad", 1)] * 20
    )
    split = Split(texts, torch.tensor(labels))
    how = dict(epochs=15, learning_rate=0.1, batch_size=8, progress=False)
    bag = ModifiedWords.fit(WORDS, split, split, **how)
    plain = ModifiedWords.fit(WORDS, split, split, modifiers=False, **how)
    numbered = [WORDS.encode(text.split()) for text in texts]
    right = lambda bag: ((bag(numbered) > 0) == split.labels).double().mean()
    assert right(bag) == 1 and bag.strengths[NOT] < -1
    assert right(plain) <= 0.75 and not plain.strengths.any()
    pretrained.save_modified_words(bag, bag(numbered), plain(numbered), "x-modified", tmp_path, accuracy=1.0)
    loaded, logits, without = pretrained.load_modified_words("x-modified", tmp_path)
    assert loaded.vocabulary == WORDS and loaded.card["accuracy"] == 1
    torch.testing.assert_close(loaded(numbered), logits, rtol=0, atol=1e-2)
    torch.testing.assert_close(without, plain(numbered), rtol=0, atol=1e-2)


def test_what_a_bag_with_modifiers_refuses():
    three = Split(("good", "bad", "film"), torch.tensor([0, 1, 2]))
    two = Split(("good", "bad"), torch.tensor([1, 0]))
    with pytest.raises(ValueError, match="train must hold texts with labels 0 and 1"):
        ModifiedWords.fit(WORDS, three, two, progress=False)
    with pytest.raises(ValueError, match="epochs and batch_size must be at least 1, got 0 and 64"):
        ModifiedWords.fit(WORDS, two, two, epochs=0, progress=False)
