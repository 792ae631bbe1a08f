"""Tokens by hand and by their properties; vocabularies that come back as they were."""

import json
import re
from collections import Counter

import jaxtyping
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlab.book.corpora import UNKNOWN, Vocabulary, tokenize

ANY_TEXT = st.text(st.characters())  # lone surrogates too
WORDS = st.lists(st.text(min_size=1), min_size=1, unique=True)

BY_HAND = {
    "": [],
    " \n\t ": [],
    "Not bad.": ["not", "bad", "."],
    "I don't; you can't, DON’T": ["i", "do", "n't", ";", "you", "ca", "n't", ",", "do", "n't"],
    "n't isn'tn't": ["n't", "is", "n't", "n't"],
    "it's we'll they've I'm you're he'd": [
        "it", "'s", "we", "'ll", "they", "'ve", "i", "'m", "you", "'re", "he", "'d",
    ],
    "'70s 'so' rock'n'roll": ["'", "70s", "'", "so", "'", "rock", "'", "n", "'", "roll"],
    "good<br /><br/>film</p>": ["good", "film"],
    "a < b > c <3 <BR>": ["a", "<", "b", ">", "c", "<", "3"],
    "8/10, 9.5 snake_case": ["8", "/", "10", ",", "9", ".", "5", "snake_case"],
    "great!!! …": ["great", "!", "!", "!", "…"],
    "😀👍🏽": ["😀", "👍", "🏽"],
    "naïve ČESKÝ Straße": ["naïve", "český", "straße"],
    "сильный фильм": ["сильный", "фильм"],
    "סרט טוב": ["סרט", "טוב"],
    "好电影。": ["好电影", "。"],
}  # fmt: skip


@pytest.mark.parametrize("text, tokens", BY_HAND.items())
def test_tokens_by_hand(text, tokens):
    assert tokenize(text) == tokens


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_has_tokens_without_blanks(text):
    tokens = tokenize(text)
    assert all(re.fullmatch(r"\S+", token) for token in tokens)
    assert tokens == tokenize(text)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="<>’")))
def test_nothing_but_blanks_is_lost(text):
    assert "".join(tokenize(text)) == "".join(text.lower().split())


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii")))
def test_tokens_joined_by_blanks_are_the_same_tokens(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/ab '’nt!\n")))
def test_so_are_those_of_tags_and_contractions(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


def test_long_runs_do_not_hang():
    assert tokenize("a" * 100_000) == ["a" * 100_000]
    assert len(tokenize("<" * 100_000)) == 100_000
    assert len(tokenize("a'" * 100_000)) == 200_000


@settings(deadline=None)
@given(WORDS)
def test_a_vocabulary_comes_back_from_bytes(words):
    vocabulary = Vocabulary(tuple(words))
    content = vocabulary.to_bytes()
    assert Vocabulary.from_bytes(content) == vocabulary
    assert Vocabulary.from_bytes(content).to_bytes() == content


@settings(deadline=None)
@given(WORDS, st.lists(st.text()))
def test_a_words_number_is_its_place_and_an_unknown_ones_is_0(words, others):
    vocabulary = Vocabulary(tuple(words))
    assert len(vocabulary) == len(words) + 1
    assert vocabulary.encode(words).tolist() == list(range(1, len(words) + 1))
    numbers = vocabulary.encode(others)
    assert numbers.dtype == torch.int64 and numbers.shape == (len(others),)
    for other, number in zip(others, numbers.tolist()):
        assert (number == UNKNOWN) == (other not in words) == (other not in vocabulary)


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef")), min_size=1), st.integers(1, 5), st.integers(1, 3))
def test_the_most_frequent_words_whatever_the_order_of_the_texts(texts, size, least):
    counts = Counter(word for text in texts for word in text)
    words = sorted((word for word in counts if counts[word] >= least), key=lambda word: (-counts[word], word))[:size]
    if words:
        assert Vocabulary.from_texts(texts, size, least).words == tuple(words)
        assert Vocabulary.from_texts(reversed(texts), size, least).words == tuple(words)
    else:
        with pytest.raises(ValueError, match="at least one word"):
            Vocabulary.from_texts(texts, size, least)


NO_VOCABULARY = {
    "nothing": (b"", "no vocabulary"),
    "cut short": (b'["good", "ba', "no vocabulary"),
    "not UTF-8": (b'["\xff\xfe"]', "no vocabulary"),
    "nested without end": (b"[" * 100_000, "no vocabulary"),
    "an object": (b'{"good": 1}', "a list of words, got a dict"),
    "a text": (b'"good"', "a list of words, got a str"),
    "no words": (b"[]", "at least one word"),
    "numbers": (b"[1, 2]", "only non-empty texts"),
    "a list in it": (b'["good", ["bad"]]', "only non-empty texts"),
    "an empty word": (b'["good", ""]', "only non-empty texts"),
    "repeated": (b'["good", "bad", "good"]', "distinct; repeated: good"),
}


@pytest.mark.parametrize("content, message", NO_VOCABULARY.values(), ids=NO_VOCABULARY)
def test_no_vocabulary(content, message):
    jaxtyping.config.update("jaxtyping_disable", True)  # with the package's own checks, not those of the type hook
    try:
        with pytest.raises(ValueError, match=message):
            Vocabulary.from_bytes(content)
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)


@settings(deadline=None)
@given(st.binary())
def test_bytes_are_a_list_of_words_or_refused(content):
    try:
        words = Vocabulary.from_bytes(content).words
    except ValueError:
        return
    assert list(words) == json.loads(content)


def test_it_prints_its_size():
    assert repr(Vocabulary(tuple(map(str, range(1234))))) == "Vocabulary of 1,234 words"
