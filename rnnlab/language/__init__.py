"""Networks that read texts: classifiers, their training, what they do on a test split, and bags of words."""

from rnnlab.language.baselines import BagOfWords, linearized
from rnnlab.language.classifier import TextClassifier, accuracy
from rnnlab.language.line import LineAttractor, find_line, one_step_errors
from rnnlab.language.modified import ModifiedWords
from rnnlab.language.reading import Reading
from rnnlab.language.shipped import load, load_modified, load_reading, load_words, names
from rnnlab.language.training import fit

__all__ = [
    "BagOfWords", "LineAttractor", "ModifiedWords", "Reading", "TextClassifier", "accuracy", "find_line", "fit",
    "linearized", "load", "load_modified", "load_reading", "load_words", "names", "one_step_errors",
]  # fmt: skip
