"""Classifiers: numbers in, logits out, whatever the padding; training that learns, resumes and refuses nonsense."""

from dataclasses import replace

import pytest
import torch

from rnnlab import GRU, LSTM, UGRNN, Network, VanillaRNN
from rnnlab.book.corpora import Split, Vocabulary
from rnnlab.book.language import TextClassifier, accuracy, train_classifier
from rnnlab.book.language import training as text_training
from rnnlab.book.language.classifier import last_states

QUICK = {"epochs": 3, "batch_size": 32, "learning_rate": 2e-2, "dropout": 0.1, "progress": False}


def weights(module):
    return torch.nn.utils.parameters_to_vector(module.parameters())


@pytest.mark.parametrize("Cell", [GRU, LSTM, UGRNN, VanillaRNN])
def test_a_text_is_read_as_one_step_after_another(words, Cell):
    classifier = TextClassifier.from_cell(words, Cell(4, 6), ("no", "yes"))
    tokens, logits, states = classifier.classify("The film was GOOD, unheardof!")
    assert tokens == ["the", "film", "was", "good", ",", "unheardof", "!"]
    h = torch.zeros(1, 6)
    for t, token in enumerate(tokens):
        number = words.encode([token])
        x = classifier.embeddings[number] if token in words else torch.zeros(1, 4)
        h = classifier.cell(x, h)
        torch.testing.assert_close(states[t], h[0])
        torch.testing.assert_close(logits[t], classifier.network.outputs(h)[0])


def test_an_unknown_token_is_no_input(classifier):
    _, _, unknown = classifier.classify("zyzzyva 😀 שלום")
    h = torch.zeros(1, 6)
    for state in unknown:
        h = classifier.cell.at(torch.zeros(4))(h)
        torch.testing.assert_close(state, h[0])


def test_texts_of_any_lengths_end_where_they_would_alone(classifier):
    generator = torch.Generator().manual_seed(3)
    numbered = [torch.randint(len(classifier.vocabulary), (n,), generator=generator) for n in (1, 40, 3, 3, 17, 2)]
    together = last_states(classifier, numbered, batch_size=4)
    for text, end in zip(numbered, together):
        torch.testing.assert_close(end, classifier(text[None])[1][0, -1])


def test_a_long_text_is_read_to_its_end(classifier):
    tokens, logits, states = classifier.classify("the film " * 5000)
    assert len(tokens) == len(logits) == len(states) == 10_000 and states.isfinite().all()


def test_classes_are_read_from_logits(words):
    two = TextClassifier.from_cell(words, GRU(4, 6), ("a", "b"))
    assert two.predict(torch.tensor([[-1.0], [2.0]])).tolist() == [0, 1]
    three = TextClassifier.from_cell(words, GRU(4, 6), ("a", "b", "c"))
    assert three.predict(torch.tensor([[0.0, 1.0, 0.5], [3.0, 1.0, 2.0]])).tolist() == [1, 0]


@pytest.mark.parametrize("text", ["", "   \n", "<br /><br />"])
def test_a_text_without_tokens_is_refused(classifier, text):
    with pytest.raises(ValueError, match="no word to read"):
        classifier.classify(text)


@pytest.mark.parametrize(
    "rows, inputs, classes, outputs",
    [(9, 4, 2, 1), (11, 4, 2, 1), (10, 3, 2, 1), (10, 4, 2, 2), (10, 4, 3, 1), (10, 4, 1, 1)],
)
def test_parts_that_do_not_fit_are_refused(rows, inputs, classes, outputs):
    vocabulary = Vocabulary(tuple("abcdefghi"))
    network = Network.from_cell(GRU(4, 6), outputs)
    with pytest.raises(ValueError, match="embeddings of shape|do not fit"):
        TextClassifier(vocabulary, torch.zeros(rows, inputs), network, tuple("xyz")[:classes])


def test_training_learns_and_keeps_unknown_tokens_at_zero(classifier, corpus):
    before = accuracy(classifier, corpus["test"])
    history = train_classifier(classifier, corpus["train"], corpus["validation"], **QUICK, pause=5)
    after = accuracy(classifier, corpus["test"])
    assert before < 0.7 and after > 0.95
    assert history.accuracy[-1] > 0.95 and len(history.accuracy) == 3 and history.steps == 3 * 19
    assert not classifier.embeddings[0].any()


def test_the_epoch_that_is_best_on_the_validation_split_stays(classifier, corpus, monkeypatch):
    seen = []
    rights = iter([0.9, 0.2, 0.5])

    def scripted(network, logits):
        seen.append(weights(classifier).clone())
        labels = corpus["validation"].labels
        right = torch.arange(len(labels)) < next(rights) * len(labels)
        return torch.where(right, labels, 1 - labels)

    monkeypatch.setattr(TextClassifier, "predict", scripted)
    history = train_classifier(classifier, corpus["train"], corpus["validation"], **QUICK)
    assert history.accuracy == pytest.approx([0.9, 0.2, 0.5])
    assert torch.equal(weights(classifier), seen[0]) and not torch.equal(seen[0], seen[2])


def test_an_interrupted_training_ends_in_the_same_weights(words, corpus, tmp_path, monkeypatch):
    def new():
        return TextClassifier.from_cell(words, GRU(4, 6), ("n", "p"), generator=torch.Generator().manual_seed(1))

    def run(classifier, **more):
        return train_classifier(classifier, corpus["train"], corpus["validation"], **QUICK, seed=4, pause=4, **more)

    torch.manual_seed(0)
    a, b, c = new(), new(), new()
    b.load_state_dict(a.state_dict()), c.load_state_dict(a.state_dict())
    whole = run(a)
    original, read = text_training._read, []

    def interrupted(*arguments):
        read.append(1)
        if len(read) > 25:  # in the second epoch
            raise KeyboardInterrupt
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(text_training, "_read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(b, checkpoint=tmp_path / "c")
    resumed = run(c, checkpoint=tmp_path / "c")
    assert torch.equal(weights(a), weights(c)) and resumed.loss == whole.loss
    with pytest.raises(ValueError, match="another run"):
        train_classifier(c, corpus["train"], corpus["validation"], **QUICK | {"epochs": 7}, checkpoint=tmp_path / "c")


def test_a_pause_is_put_into_each_text_and_nothing_else_changes(classifier, monkeypatch):
    read = []
    monkeypatch.setattr(TextClassifier, "embed", lambda self, tokens: read.append(tokens) or torch.zeros(2, 12, 4))
    texts = [torch.arange(1, 4), torch.arange(4, 9)]
    generator = torch.Generator().manual_seed(0)
    for _ in range(60):
        text_training._read(classifier, texts, 0.0, 0.0, 7, generator)
    lengths = set()
    for tokens in read:
        for row, text in zip(tokens, texts):
            places = row.nonzero()[:, 0]
            assert row[places].equal(text)
            lengths.add(int(places[-1] - places[0] + 1) - len(text))
    assert lengths == set(range(8))


@pytest.mark.parametrize(
    "change, message",
    [
        ({"epochs": 0}, "at least 1"),
        ({"batch_size": 0}, "at least 1"),
        ({"longest": 0}, "at least 1"),
        ({"pause": -1}, "pause at least 0"),
        ({"dropout": 1.0}, r"in \[0, 1\)"),
        ({"blanks": -0.1}, r"in \[0, 1\)"),
    ],
)
def test_settings_out_of_range_are_refused(classifier, corpus, change, message):
    before = weights(classifier).clone()
    with pytest.raises(ValueError, match=message):
        train_classifier(classifier, corpus["train"], corpus["validation"], **QUICK | change)
    assert torch.equal(weights(classifier), before)


def test_splits_that_cannot_be_learnt_are_refused(classifier, corpus):
    empty = Split((), torch.empty(0, dtype=torch.int64))
    alien = replace(corpus["validation"], labels=corpus["validation"].labels + 1)
    for train, validation in ((empty, corpus["validation"]), (corpus["train"], empty), (corpus["train"], alien)):
        with pytest.raises(ValueError, match="must hold texts with labels 0 … 1"):
            train_classifier(classifier, train, validation, **QUICK)
