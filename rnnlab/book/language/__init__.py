"""Networks that read texts: classifiers, their training, what they do on a test split, and bags of words."""

from rnnlab.book.language.baselines import BagOfWords, linearized
from rnnlab.book.language.classifier import TextClassifier, accuracy
from rnnlab.book.language.line import LineAttractor, find_line, one_step_errors
from rnnlab.book.language.modified import ModifiedWords
from rnnlab.book.language.pretrained import load, load_bag_of_words, load_modified_words, load_record, names
from rnnlab.book.language.record import ReadingRecord
from rnnlab.book.language.training import train_classifier

__all__ = [
    "BagOfWords", "LineAttractor", "ModifiedWords", "ReadingRecord", "TextClassifier", "accuracy", "find_line", "fit",
    "linearized", "load", "load_modified_words", "load_record", "load_bag_of_words", "names", "one_step_errors",
    "train_classifier",
]  # fmt: skip
