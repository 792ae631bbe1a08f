"""Pretrained classifiers and bags of words, with their cards."""

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from rnnlab import cells
from rnnlab.book import zoo
from rnnlab.book.corpora import Vocabulary
from rnnlab.book.language.baselines import BagOfWords
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.book.language.modified import ModifiedWords
from rnnlab.book.language.record import ReadingRecord
from rnnlab.network import Network

FOLDER = zoo.FOLDER / "text"


class PretrainedBag(NamedTuple):
    """A bag of words, with its logits on the test split: logits (texts,)."""

    bag: BagOfWords
    logits: Tensor


class PretrainedModifiedBag(NamedTuple):
    """A bag of words with modifiers, and the bag without them that was trained in the same way.

    Attributes:
        logits (texts,): of the first on the test split.
        plain_logits (texts,): of the second.
    """

    bag: ModifiedWords
    logits: Tensor
    plain_logits: Tensor


def names(folder: Path = FOLDER) -> list[str]:
    """Names of all that is pretrained: classifiers, and bags of words (`…-words`, and with modifiers `…-modified`)."""
    return zoo.names(folder)


def load(name: str, folder: Path = FOLDER) -> TextClassifier:
    """The pretrained classifier `name`, in float32, with its card as `classifier.card`.

    Raises:
        ValueError: where vocabulary and embeddings do not fit each other; and errors as of `zoo.load`.
    """
    card, tensors = zoo.load_bundle(name, folder)
    with zoo.blaming_the_card(name, folder):
        cell = getattr(cells, card["cell"])(card["input_size"], card["state_size"])
        network = Network.from_cell(cell, card["output_size"])
        weights = {key.removeprefix("network."): t for key, t in tensors.items() if key.startswith("network.")}
        network.load_state_dict(weights)
        classifier = TextClassifier(_vocabulary(tensors), tensors["embeddings"].float(), network, card["classes"])
    classifier.card = card
    return classifier


def load_record(name: str, folder: Path = FOLDER) -> ReadingRecord:
    """What the pretrained classifier `name` did on its test split, in float32; errors as of `load`."""
    _, tensors = zoo.load_bundle(name, folder)
    with zoo.blaming_the_card(name, folder):
        parts = {key.removeprefix("reading."): t for key, t in tensors.items() if key.startswith("reading.")}
        return ReadingRecord(**{key: t.float() if t.is_floating_point() else t.long() for key, t in parts.items()})


def load_bag_of_words(name: str, folder: Path = FOLDER) -> PretrainedBag:
    """The pretrained bag of words `name`, and its logits on the test split; errors as of `load`."""
    card, tensors = zoo.load_bundle(name, folder)
    with zoo.blaming_the_card(name, folder):
        bag = BagOfWords(_vocabulary(tensors), tensors["coefficients"], tensors["idf"], card["bias"])
        return PretrainedBag(bag, tensors["logits"].float())


def load_modified_words(name: str, folder: Path = FOLDER) -> PretrainedModifiedBag:
    """The pretrained bag of words with modifiers `name`, its logits on the test split, and those of the bag without
    modifiers that was trained in the same way; errors as of `load`.
    """
    card, tensors = zoo.load_bundle(name, folder)
    with zoo.blaming_the_card(name, folder):
        bag = ModifiedWords(_vocabulary(tensors)).requires_grad_(False)
        bag.load_state_dict({key: tensors[key].float() for key in bag.state_dict()})
        bag.card = card
        return PretrainedModifiedBag(bag, tensors["logits"].float(), tensors["plain_logits"].float())


def save(classifier: TextClassifier, reading: ReadingRecord, name: str, folder: Path = FOLDER, **card) -> None:
    """Write a classifier, embeddings in float16, with its reading and its card."""
    tensors = {f"network.{key}": tensor for key, tensor in classifier.network.state_dict().items()}
    tensors |= {f"reading.{key}": tensor for key, tensor in reading.tensors.items()}
    tensors |= {"embeddings": classifier.embeddings.half(), "vocabulary": _bytes(classifier.vocabulary)}
    card = zoo.cell_configuration(classifier.cell) | {"classes": classifier.classes, **card}
    zoo.save_bundle(name, tensors, card | {"output_size": classifier.network.readout.out_features}, folder)


def save_bag_of_words(bag: BagOfWords, logits: Tensor, name: str, folder: Path = FOLDER, **card) -> None:
    """Write a bag of words with its logits on the test split."""
    tensors = {"coefficients": bag.coefficients, "idf": bag.idf, "logits": logits, "vocabulary": _bytes(bag.vocabulary)}
    zoo.save_bundle(name, tensors, {"bias": bag.bias, **card}, folder)


def save_modified_words(
    bag: ModifiedWords, logits: Tensor, plain: Tensor, name: str, folder: Path = FOLDER, **card
) -> None:
    """Write a bag of words with modifiers, with its logits on the test split and those without modifiers; float16."""
    tensors = {key: weights.half() for key, weights in bag.state_dict().items()}
    tensors |= {"logits": logits.half(), "plain_logits": plain.half(), "vocabulary": _bytes(bag.vocabulary)}
    zoo.save_bundle(name, tensors, card, folder)


def _bytes(vocabulary):
    return torch.frombuffer(bytearray(vocabulary.to_bytes()), dtype=torch.uint8)


def _vocabulary(tensors):
    return Vocabulary.from_bytes(tensors["vocabulary"].numpy().tobytes())
