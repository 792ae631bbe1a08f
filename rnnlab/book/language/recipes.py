"""How each pretrained classifier and bag of words was made; `python -m rnnlab.book.retrain NAME` makes it again."""

import copy
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from rnnlab import cells
from rnnlab.book import corpora
from rnnlab.book.corpora import Corpus, Vocabulary, tokenize
from rnnlab.book.language import pretrained
from rnnlab.book.language.baselines import BagOfWords
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.book.language.modified import ModifiedWords
from rnnlab.book.language.record import ReadingRecord, record_reading
from rnnlab.book.language.training import train_classifier
from rnnlab.book.recipes import seeded

WORDS = 10_000  # in a vocabulary: the most frequent tokens of the training texts that occur at least twice
CELLS = {"lstm": "LSTM", "gru": "GRU", "ugrnn": "UGRNN", "vanilla": "VanillaRNN"}


@dataclass(frozen=True)
class TextRecipe:
    """A classifier and its training: `epochs` without pauses on `split`, and then, at half the learning rate,
    `pause_epochs` on the training split with pauses of up to `pause` tokens.

    Attributes:
        hold: how well the new network remembers. It is added to the bias of the gate that keeps the state, and taken
            from that of the gate that renews it; a vanilla or linear network starts from U = hold · 1 + U/10. These and
            an LSTM start from b = 0 otherwise: an LSTM that remembers would else be carried along by its biases.
        classes: the first few of the corpus's; all if 0.
    """

    corpus: str
    cell: str = "GRU"
    units: int = 128
    inputs: int = 32
    seed: int = 0
    hold: float = 1.0
    classes: int = 0
    split: str = "train"
    epochs: int = 2
    learning_rate: float = 2e-3
    dropout: float = 0.5
    pause: int = 400
    pause_epochs: int = 1


def _recipes() -> Iterator[tuple[str, TextRecipe]]:
    """Settings were chosen by the validation split, in a search of about twenty runs."""
    slower = dict(hold=0.9, epochs=10, learning_rate=4e-4, dropout=0.2, pause=200, pause_epochs=2)
    for corpus in ("imdb", "yelp"):
        gru = TextRecipe(corpus)
        for cell, recipe in {
            "gru": gru,
            "lstm": replace(gru, cell="LSTM", hold=2.0, epochs=4, pause_epochs=2 if corpus == "yelp" else 1),
            "ugrnn": replace(gru, cell="UGRNN", hold=2.0),
            "vanilla": replace(gru, cell="VanillaRNN", **slower),
        }.items():
            yield from seeded(f"{corpus}-{cell}", recipe, 3 if (corpus, cell) == ("imdb", "gru") else 1)
        yield f"{corpus}-linear", replace(gru, cell="LinearRNN", **slower | dict(hold=0.99, pause_epochs=0))
    sentences = TextRecipe("sst", split="phrases", epochs=3, pause=300, pause_epochs=3)
    for cell, name in CELLS.items():
        own = {
            "vanilla": dict(hold=0.9, learning_rate=1e-3, dropout=0.3, epochs=5),
            "lstm": dict(hold=2.0),
        }
        yield from seeded(f"sst-{cell}", replace(sentences, cell=name, **own.get(cell, {})), 3)
    for name in ("imdb-gru", "sst-gru"):  # what becomes of the line without the pauses
        recipe = TextRecipe("imdb", epochs=3) if name == "imdb-gru" else replace(sentences, epochs=4)
        yield f"{name}-no-pause", replace(recipe, pause_epochs=0)
    yield "stars-gru", TextRecipe("yelp-stars", epochs=3)
    yield "news-gru", TextRecipe("ag-news", epochs=8, pause_epochs=6)
    yield "news3-gru", TextRecipe("ag-news", classes=3, epochs=8, pause_epochs=6)
    yield "emotions-gru", TextRecipe("goemotions", epochs=4, pause=100, pause_epochs=3)


RECIPES = dict(_recipes())
BAGS = {f"{corpus}-{kind}": corpus for corpus in ("imdb", "sst", "yelp") for kind in ("words", "modified")}


def vocabulary(corpus: Corpus) -> Vocabulary:
    """The vocabulary of all that is trained on a corpus."""
    return Vocabulary.from_texts(map(tokenize, corpus["train"].texts), WORDS)


def untrained(recipe: TextRecipe, corpus: Corpus) -> TextClassifier:
    """The classifier before its training."""
    generator = torch.Generator().manual_seed(recipe.seed)
    kind = getattr(cells, recipe.cell)
    cell = kind(recipe.inputs, recipe.units * kind.vectors, generator=generator)
    n = recipe.units
    with torch.no_grad():
        if kind is cells.GRU:
            cell.b[:n] -= recipe.hold
        elif kind is cells.LSTM:
            cell.b.zero_()[: 2 * n] += recipe.hold * torch.tensor([-1.0, 1.0]).repeat_interleave(n)
        elif kind is cells.UGRNN:
            cell.b[:n] += recipe.hold
        else:
            cell.U.mul_(0.1).diagonal().add_(recipe.hold)
            cell.b.zero_()
    return TextClassifier.from_cell(vocabulary(corpus), cell, corpus.classes, generator=generator)


def retrain(
    name: str, *, checkpoint: str | Path | None = None, progress: bool = True
) -> tuple[TextClassifier, ReadingRecord]:
    """Train the pretrained classifier `name` again, from the corpus that `corpora.load` finds; `card` says how.

    Raises:
        KeyError: for a name without a recipe; and errors as of `corpora.load`.
    """
    if name not in RECIPES:
        raise KeyError(f"no recipe {name!r}; there are: {', '.join(RECIPES)}")
    recipe = RECIPES[name]
    corpus = corpora.load(recipe.corpus, progress=progress)
    corpus = corpus.first(recipe.classes) if recipe.classes else corpus
    classifier = untrained(recipe, corpus)
    before = copy.deepcopy(classifier)
    how = dict(dropout=recipe.dropout, seed=recipe.seed, progress=progress)
    stages = [dict(train=corpus[recipe.split], epochs=recipe.epochs, learning_rate=recipe.learning_rate)]
    if recipe.pause_epochs:
        half = dict(epochs=recipe.pause_epochs, learning_rate=recipe.learning_rate / 2)
        stages.append(dict(train=corpus["train"], pause=recipe.pause) | half)
    histories = []
    for number, stage in enumerate(stages):
        file = checkpoint and Path(checkpoint).with_suffix(f".{number}.safetensors")
        histories.append(train_classifier(classifier, validation=corpus["validation"], **how, **stage, checkpoint=file))
    with torch.no_grad():  # as they will be kept
        classifier.embeddings.copy_(classifier.embeddings.half())
    reading = record_reading(classifier, before, corpus)
    right = classifier.predict(reading.logits) == reading.labels
    classifier.card = {
        **_about(corpus),
        "training": asdict(recipe),
        "validation_accuracy": max(histories[-1].accuracy),
        "accuracy": right.double().mean().item(),
        "training_seconds": round(sum(history.seconds for history in histories)),
    }
    return classifier, reading


def save(name: str, *, checkpoints: Path, progress: bool = True) -> str:
    """Make the pretrained `name` anew, write it, and say in one line what came out."""
    if name in BAGS:
        corpus = corpora.load(BAGS[name], progress=progress)
        words = vocabulary(corpus)
        train = corpus["phrases" if "phrases" in corpus.splits else "train"]
        texts = [words.encode(tokenize(text)) for text in corpus["test"].texts]
        if name.endswith("-modified"):
            how = dict(learning_rate=1e-2 if "phrases" in corpus.splits else 3e-3, progress=progress)
            bags = [ModifiedWords.fit(words, train, corpus["validation"], modifiers=m, **how) for m in (True, False)]
            write, made = pretrained.save_modified_words, (bags[0], *(bag(texts) for bag in bags))
        else:
            bag = BagOfWords.fit(words, train, corpus["validation"])
            write, made = pretrained.save_bag_of_words, (bag, bag.logits(texts))
        right = ((made[1] > 0) == corpus["test"].labels).double().mean().item()
        write(*made, name, **_about(corpus), accuracy=right)
        return f"{name}: accuracy {right:.2%}"
    classifier, reading = retrain(name, checkpoint=checkpoints / name, progress=progress)
    pretrained.save(classifier, reading, name, **classifier.card)
    return f"{name}: accuracy {classifier.card['accuracy']:.2%} after {classifier.card['training_seconds']} s"


def _about(corpus):
    sizes = {name: len(split) for name, split in corpus.splits.items()}
    return {"corpus": {"name": corpus.name, "source": corpus.source, "sha256": corpus.sha256, "sizes": sizes}}
