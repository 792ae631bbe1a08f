"""What is shipped: it loads, it is what its card says, and damaged or foreign files are refused."""

import json
import os
from dataclasses import asdict, fields, replace

import pytest
import torch

from rnnlab.book import corpora, language
from rnnlab.book.corpora import Vocabulary, tokenize
from rnnlab.book.language import BagOfWords, ReadingRecord, pretrained, recipes, train_classifier
from rnnlab.book.language.record import record_reading


@pytest.fixture(scope="module")
def trained(corpus):
    recipe = recipes.TextRecipe("made up", units=6, inputs=4)
    classifier, untrained = recipes.untrained(recipe, corpus), recipes.untrained(recipe, corpus)
    how = dict(epochs=2, batch_size=32, learning_rate=2e-2, dropout=0.0, pause=30, progress=False)
    train_classifier(classifier, corpus["train"], corpus["validation"], **how)
    long = replace(corpus["test"], texts=tuple(" ".join([text] * 10) for text in corpus["test"].texts))
    corpus = replace(corpus, splits=corpus.splits | {"test": long})
    return classifier, record_reading(classifier, untrained, corpus), corpus


@pytest.fixture
def folder(trained, tmp_path):
    classifier, reading, _ = trained
    pretrained.save(classifier, reading, "mine", tmp_path, accuracy=0.9)
    return tmp_path


def test_what_is_saved_is_loaded(trained, folder):
    classifier, reading, _ = trained
    loaded = language.load("mine", folder)
    assert loaded.vocabulary == classifier.vocabulary and loaded.classes == classifier.classes
    assert torch.equal(loaded.embeddings, classifier.embeddings.half().float())
    for a, b in zip(loaded.network.parameters(), classifier.network.parameters(), strict=True):
        assert torch.equal(a, b)
    assert loaded.card["accuracy"] == 0.9
    again = language.load_record("mine", folder)
    for field in fields(ReadingRecord):
        torch.testing.assert_close(
            getattr(again, field.name),
            getattr(reading, field.name).to(getattr(again, field.name)),
            rtol=1e-3,
            atol=1e-3,
        )


def test_a_reading_is_what_the_network_did(trained):
    classifier, reading, corpus = trained
    texts = classifier.encode(corpus["test"].texts)
    torch.testing.assert_close(reading.logits[7], classifier(texts[7][None])[0][0, -1])
    assert torch.equal(reading.labels, corpus["test"].labels)
    visited = torch.cat([classifier(text[None])[1][0, :-1] for text in texts])
    followed = torch.cat([text[1:] for text in texts])
    for i in (0, 100, 2000):
        near = (visited - reading.states[i]).norm(dim=1)
        assert near.min() < 1e-5 and reading.tokens[i] in followed[near < 1e-5]
    assert reading.states.shape == (2500, 6) and reading.drift.shape == (3, 40)
    assert (reading.drift[0] <= reading.drift[2]).all()
    assert reading.variance.sum().item() == pytest.approx(1, abs=1e-5)
    assert reading.linear_logits.shape == (1000, 1) and len(reading.linear_rows.unique()) == 1000


def test_the_embeddings_of_a_card_fit_its_vocabulary(folder):
    from rnnlab import storage
    from rnnlab.book import zoo

    card, tensors = zoo.load_bundle("mine", folder)
    words = Vocabulary.from_bytes(tensors["vocabulary"].numpy().tobytes()).words[:-1]
    tensors["vocabulary"] = torch.frombuffer(bytearray(Vocabulary(words).to_bytes()), dtype=torch.uint8)
    card.pop("sha256")
    zoo.save_bundle("mine", tensors, card, folder)
    with pytest.raises(ValueError, match="need embeddings of shape"):
        language.load("mine", folder)
    tensors["vocabulary"] = torch.zeros(5, dtype=torch.uint8)
    zoo.save_bundle("mine", tensors, card, folder)
    with pytest.raises(ValueError, match="no vocabulary"):
        language.load("mine", folder)
    assert storage.load_tensors(folder / "mine.safetensors")


@pytest.mark.parametrize("load", [language.load, language.load_record, language.load_bag_of_words])
def test_damaged_files_and_unknown_names(folder, load):
    with pytest.raises(KeyError, match="no network 'yours'; there are: mine"):
        load("yours", folder)
    file = folder / "mine.safetensors"
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    with pytest.raises(ValueError, match="cut short"):
        load("mine", folder)
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ValueError, match="not the file of its card"):
        load("mine", folder)


def test_a_classifier_is_no_bag_of_words(folder):
    with pytest.raises(ValueError, match="does not describe"):
        language.load_bag_of_words("mine", folder)


def test_a_bag_of_words_is_logistic_regression(corpus, words, tmp_path):
    from sklearn.feature_extraction.text import TfidfVectorizer

    bag = BagOfWords.fit(words, corpus["train"], corpus["validation"])
    logits = bag.logits([words.encode(tokenize(text)) for text in corpus["test"].texts])
    features = TfidfVectorizer(analyzer=tokenize, vocabulary=words.words, sublinear_tf=True)
    features.fit(corpus["train"].texts)
    expected = features.transform(corpus["test"].texts) @ bag.coefficients[1:].double().numpy() + bag.bias
    torch.testing.assert_close(logits.double(), torch.from_numpy(expected), rtol=1e-4, atol=1e-4)
    assert ((logits > 0) == corpus["test"].labels).double().mean() > 0.99
    kinds = {kind: [words.words[i - 1] for i in numbers] for kind, numbers in bag.extreme_words(3).items()}
    assert set(kinds["positive"]) == {"good", "great", "fine"} and set(kinds["negative"]) == {"bad", "awful", "dull"}
    assert not set(kinds["neutral"]) & {"good", "great", "fine", "bad", "awful", "dull"}
    pretrained.save_bag_of_words(bag, logits, "bag", tmp_path)
    again, answers = language.load_bag_of_words("bag", tmp_path)
    assert torch.equal(answers, logits) and torch.equal(again.coefficients, bag.coefficients) and again.bias == bag.bias


def test_a_text_without_known_words_is_answered_by_the_bias(words):
    bag = BagOfWords(words, torch.ones(len(words)), torch.ones(len(words)), -0.5)
    assert bag.logits([torch.zeros(3, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)]).tolist() == [-0.5, -0.5]


CLASSIFIERS = [name for name in language.names() if name in recipes.RECIPES]
BAGS = [name for name in language.names() if name in recipes.BAGS]


def test_everything_that_has_a_recipe_is_shipped_and_nothing_else():
    assert set(language.names()) == set(recipes.RECIPES) | set(recipes.BAGS)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_classifier_is_what_its_card_says(name):
    classifier, reading = language.load(name), language.load_record(name)
    assert classifier.card["training"] == json.loads(json.dumps(asdict(recipes.RECIPES[name])))
    right = (classifier.predict(reading.logits) == reading.labels).double().mean().item()
    assert right == pytest.approx(classifier.card["accuracy"], abs=2e-3)
    assert len(reading.labels) == classifier.card["corpus"]["sizes"]["test"] or "classes" in classifier.card["training"]
    assert len(reading.states) >= 2000 and not classifier.embeddings[0].any()
    assert (pretrained.FOLDER / f"{name}.safetensors").stat().st_size < 3e6
    text = "the best film of the year , not bad at all"
    assert classifier.classify(text)[1].isfinite().all()


@pytest.mark.skipif("RNNLAB_DATA" not in os.environ, reason="no RNNLAB_DATA: the real texts were not read")
@pytest.mark.parametrize("name", ["sst-gru", "sst-lstm"])
def test_a_reading_is_reproduced_from_the_texts(name):
    corpus = corpora.load("sst")
    classifier, reading = language.load(name), language.load_record(name)
    assert corpus.sha256 == classifier.card["corpus"]["sha256"]
    for row in range(0, 1800, 300):
        _, logits, _ = classifier.classify(corpus["test"].texts[row])
        torch.testing.assert_close(logits[-1], reading.logits[row], rtol=2e-3, atol=5e-3)


def test_a_recipe_trains_reads_and_resumes(corpus, monkeypatch, tmp_path):
    monkeypatch.setattr(corpora, "load", lambda name, progress: corpus)
    tiny = recipes.TextRecipe("made up", units=6, inputs=4, epochs=1, pause=6, learning_rate=2e-2)
    monkeypatch.setitem(recipes.RECIPES, "tiny", tiny)
    monkeypatch.setattr("rnnlab.book.language.record.HORIZON", 3)
    first, reading = recipes.retrain("tiny", checkpoint=tmp_path / "tiny", progress=False)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"tiny.{stage}.safetensors" for stage in range(2)]
    again, _ = recipes.retrain("tiny", checkpoint=tmp_path / "tiny", progress=False)
    assert torch.equal(first.embeddings, again.embeddings)
    assert first.card["training"]["pause"] == 6 and first.card["corpus"]["sizes"]["test"] == 1100
    assert first.card["accuracy"] == (first.predict(reading.logits) == reading.labels).double().mean().item()
    with pytest.raises(KeyError, match="no recipe 'none'"):
        recipes.retrain("none")
