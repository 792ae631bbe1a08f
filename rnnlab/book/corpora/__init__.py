"""Text data sets, tokens and vocabularies."""

from rnnlab.book.corpora.corpus import Corpus, Split, load
from rnnlab.book.corpora.text import UNKNOWN, Vocabulary, tokenize

__all__ = ["UNKNOWN", "Corpus", "Split", "Vocabulary", "load", "tokenize"]
