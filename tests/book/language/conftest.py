"""Small networks on texts that were made up for them."""

import pytest
import torch

from rnnlab import GRU
from rnnlab.book.corpora import Corpus, Split, Vocabulary, tokenize
from rnnlab.book.language import TextClassifier

GOOD, BAD, DULL = ("good", "great", "fine"), ("bad", "awful", "dull"), ("the", "film", "a", "plot", "was", "it")


def made_up(count, seed):
    """Texts of one loaded word or two among others; the last loaded one does not count for more than the first."""
    generator = torch.Generator().manual_seed(seed)

    def draw(words, number):
        return [words[i] for i in torch.randint(len(words), (number,), generator=generator).tolist()]

    texts, labels = [], []
    for _ in range(count):
        label = int(torch.randint(2, (), generator=generator))
        words = draw(DULL, int(torch.randint(2, 9, (), generator=generator)))
        for word in draw(GOOD if label else BAD, 1 + int(torch.randint(2, (), generator=generator))):
            words.insert(int(torch.randint(len(words) + 1, (), generator=generator)), word)
        texts.append(" ".join(words))
        labels.append(label)
    return Split(tuple(texts), torch.tensor(labels))


@pytest.fixture(scope="session")
def corpus():
    splits = {"train": made_up(600, 0), "validation": made_up(100, 1), "test": made_up(1100, 2)}
    return Corpus("made up", ("negative", "positive"), splits, "a test", "0" * 64)


@pytest.fixture(scope="session")
def words(corpus):
    return Vocabulary.from_texts(map(tokenize, corpus["train"].texts), 100)


@pytest.fixture
def classifier(words):
    generator = torch.Generator().manual_seed(0)
    cell = GRU(4, 6, generator=generator)
    with torch.no_grad():
        cell.b[:6] -= 1
    return TextClassifier.from_cell(words, cell, ("negative", "positive"), generator=generator)
