"""From text to tokens, and from tokens to numbers."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

UNKNOWN = 0  # the number of every token that a vocabulary does not hold, and of the padding
_TAG = re.compile(r"<[a-z/][^<>]{0,20}>")
_TOKEN = re.compile(r"\w+?(?=n't)|n't|'(?:s|m|d|ll|re|ve)\b|\w+|[^\w\s]")


def tokenize(text: str) -> list[str]:
    """Lower-case words, numbers and punctuation marks, in order; HTML tags such as `<br />` are left out.

    Contractions are taken apart as the Penn Treebank does: "don't" is `do`, `n't`; "it's" is `it`, `'s`. Every
    other mark that is neither letter, digit nor blank, an emoji too, is a token of its own. Depends on nothing but
    the text.
    """
    return _TOKEN.findall(_TAG.sub(" ", text.lower().replace("’", "'")))


@dataclass(frozen=True)
class Vocabulary:
    """The tokens that a network knows. The i-th has the id i + 1; 0 stands for all others.

    Raises:
        ValueError: for words that are not distinct, non-empty texts.
    """

    words: tuple[str, ...]

    def __post_init__(self):
        if not self.words or not all(isinstance(word, str) and word for word in self.words):
            raise ValueError("a vocabulary needs at least one word, and only non-empty texts")
        numbers = {word: number for number, word in enumerate(self.words, 1)}
        if len(numbers) < len(self.words):
            repeated = [word for word, count in Counter(self.words).items() if count > 1]
            raise ValueError(f"the words of a vocabulary must be distinct; repeated: {', '.join(repeated[:5])}")
        object.__setattr__(self, "_numbers", numbers)

    def __len__(self):
        """Numbers in use: the words, and 0."""
        return len(self.words) + 1

    def __contains__(self, word):
        return word in self._numbers

    def __repr__(self):
        return f"Vocabulary of {len(self.words):,} words"

    @classmethod
    def from_texts(cls, texts: Iterable[Sequence[str]], size: int, least: int = 2) -> "Vocabulary":
        """The `size` most frequent tokens of tokenised texts that occur `least` times or more; ties by the alphabet."""
        counts = Counter(token for tokens in texts for token in tokens)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls(tuple(word for word, count in ranked[:size] if count >= least))

    def encode(self, tokens: Sequence[str]) -> Tensor:
        """The tokens' numbers, int64 of shape (len(tokens),)."""
        return torch.tensor([self._numbers.get(token, UNKNOWN) for token in tokens], dtype=torch.int64)

    def to_bytes(self) -> bytes:
        """As JSON in UTF-8."""
        return json.dumps(self.words, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Vocabulary":
        """What `to_bytes` wrote.

        Raises:
            ValueError: if it is something else.
        """
        try:
            words = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"no vocabulary: {error}") from error
        if not isinstance(words, list):
            raise ValueError(f"a vocabulary is a list of words, got a {type(words).__name__}")
        return cls(tuple(words))
