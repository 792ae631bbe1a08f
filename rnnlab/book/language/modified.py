"""A bag of words that knows modifiers: words that change what the next few words count for."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm.auto import tqdm

from rnnlab.book.corpora import UNKNOWN, Split, Vocabulary, tokenize

REACH = 10  # words over which a modifier acts
PENALTY = 1e-5  # on Σ β² + Σ α², for every batch


class ModifiedWords(nn.Module):
    """For two classes, logit = b + Σ_t β(x_t) (1 + Σ_{k=1}^{10} α(x_{t−k}) γ(x_{t−k})^{k−1}).

    β (words,) is what each word counts for; α (words,) by how much it changes the next word, as a share of that word's
    own β (−1 takes it away, −2 turns it round); γ (words,) ∈ (0, 1) how fast this fades. β and α are 0 at token id 0.
    With α = 0 this is a bag of words, linear in their counts. `card` says what a pretrained one is.

    Source: the augmented bag of words of Maheswaranathan and Sussillo 2020, whose list of modifiers is given; here any
    word can become one.
    """

    def __init__(self, vocabulary: Vocabulary):
        super().__init__()
        self.vocabulary, self.card = vocabulary, None
        for name in ("coefficients", "strengths", "decays"):
            self.register_parameter(name, nn.Parameter(torch.zeros(len(vocabulary))))
        self.bias = nn.Parameter(torch.zeros(()))

    def extra_repr(self):
        return repr(self.vocabulary)

    @classmethod
    def fit(
        cls,
        vocabulary: Vocabulary,
        train: Split,
        validation: Split,
        *,
        modifiers: bool = True,
        epochs: int = 3,
        learning_rate: float = 3e-3,
        batch_size: int = 64,
        seed: int = 0,
        progress: bool = True,
    ) -> "ModifiedWords":
        """By Adam, learning rate falling to 1 % along half a cosine; the epoch that is best on `validation` stays.

        Without `modifiers` α stays 0: the bag of words that is trained in the same way.

        Raises:
            ValueError: for splits that are empty or have more than two classes, and for less than one epoch.
        """
        for name, split in {"train": train, "validation": validation}.items():
            if not len(split) or not 0 <= split.labels.min() <= split.labels.max() <= 1:
                raise ValueError(f"{name} must hold texts with labels 0 and 1")
        if epochs < 1 or batch_size < 1:
            raise ValueError(f"epochs and batch_size must be at least 1, got {epochs} and {batch_size}")
        bag, generator = cls(vocabulary), torch.Generator().manual_seed(seed)
        texts, held = ([vocabulary.encode(tokenize(text)) for text in s.texts] for s in (train, validation))
        learnt = [bag.coefficients, bag.bias] + [bag.strengths, bag.decays] * modifiers
        optimizer = torch.optim.Adam(learnt, learning_rate)
        steps = epochs * -(-len(texts) // batch_size)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, learning_rate / 100)
        accuracy, best = -1.0, {}
        for _ in tqdm(range(epochs), desc="epochs", disable=not progress):
            for rows in torch.randperm(len(texts), generator=generator).split(batch_size):
                logits = bag([texts[i] for i in rows.tolist()])
                loss = binary_cross_entropy_with_logits(logits, train.labels[rows].to(logits))
                loss = loss + PENALTY * ((bag.coefficients**2).sum() + (bag.strengths**2).sum())
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
            with torch.no_grad():
                right = ((bag(held) > 0) == validation.labels).double().mean().item()
            if right > accuracy:
                accuracy, best = right, {name: weights.clone() for name, weights in bag.state_dict().items()}
        bag.load_state_dict(best)
        return bag.requires_grad_(False)

    @property
    def gamma(self) -> Float[Tensor, " words"]:
        """γ = σ(decays)."""
        return self.decays.sigmoid()

    def multipliers(self, tokens: Int[Tensor, " time"]) -> Float[Tensor, " time"]:
        """What stands in the bracket: by how much the words before each token multiply it."""
        change = self.strengths[tokens] * (tokens != UNKNOWN)
        fade, gains = self.gamma[tokens], torch.ones_like(change)
        for k in range(1, min(REACH, len(tokens) - 1) + 1):
            gains = gains + nn.functional.pad(change[:-k], (k, 0))
            change = change * fade
        return gains

    def forward(self, numbered: Sequence[Int[Tensor, " _time"]]) -> Float[Tensor, " texts"]:
        """The logit of each text, given as token numbers, of any lengths."""
        gap = torch.zeros(REACH, dtype=torch.int64)  # behind each text: no modifier reaches across
        tokens = torch.cat([part for text in numbered for part in (text, gap)])
        texts = torch.arange(len(numbered)).repeat_interleave(torch.tensor([len(text) + REACH for text in numbered]))
        terms = self.coefficients[tokens] * (tokens != UNKNOWN) * self.multipliers(tokens)
        return self.bias + torch.zeros(len(numbered)).index_add(0, texts, terms)
