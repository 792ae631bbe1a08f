"""Training on reviews against torch's fused network, and the points of a line attractor against plain descent."""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from rnnlab import GRU, find_slow_points, squared_speed
from rnnlab.book import language
from rnnlab.book.corpora import Vocabulary
from rnnlab.book.language import TextClassifier
from rnnlab.book.language.training import _batches, _read


class Fused(nn.Module):
    """The same classifier on a `torch.nn.GRU`, padded on the right and read at the true ends, as ours is."""

    def __init__(self, words, inputs, units):
        super().__init__()
        self.embeddings = nn.Embedding(words, inputs, padding_idx=0)
        self.gru, self.readout = nn.GRU(inputs, units, batch_first=True), nn.Linear(units, 1)

    def forward(self, texts, generator):
        tokens = nn.utils.rnn.pad_sequence(texts, batch_first=True)
        tokens = tokens.masked_fill(torch.rand(tokens.shape, generator=generator) < 0.1, 0)
        x = self.embeddings(tokens)
        states, _ = self.gru(x * (torch.rand(x.shape, generator=generator) >= 0.5) * 2)
        ends = states[range(len(texts)), [len(text) - 1 for text in texts]]
        return self.readout(ends * (torch.rand(ends.shape, generator=generator) >= 0.5) * 2)


def test_an_epoch_of_reviews(benchmark, compare):
    texts, words, inputs, units = (320, 10_000, 64, 128) if benchmark.enabled else (70, 50, 3, 4)
    generator = torch.Generator().manual_seed(0)
    # Log-normal, with the median 205 and the mean 274 of IMDB's reviews in tokens; the last 400 are read.
    lengths = (
        torch.empty(texts).log_normal_(5.32, 0.76, generator=generator).clamp(10, 400 if words > 50 else 20).long()
    )
    reviews = [torch.randint(1, words, (int(length),), generator=generator) for length in lengths]
    batches = _batches(reviews, 64, generator)
    labels = torch.randint(2, (texts,), generator=generator).float()
    vocabulary = Vocabulary(tuple(map(str, range(1, words))))
    classifier = TextClassifier.from_cell(vocabulary, GRU(inputs, units), ("negative", "positive"))
    fused = Fused(words, inputs, units)

    def epoch(model, read):
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        for rows in batches:
            logits = read([reviews[i] for i in rows])
            loss = binary_cross_entropy_with_logits(logits[:, 0], labels[rows])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        return loss.item()

    ours, theirs = compare(
        lambda: epoch(classifier, lambda texts: _read(classifier, texts, 0.5, 0.1, 0, generator)),
        lambda: epoch(fused, lambda texts: fused(texts, generator)),
        claim="An epoch of reviews, GRU of 128 units, torch.nn.GRU",
        note="Our time over that of the same classifier on torch.nn.GRU, for 320 reviews as long as IMDB's, dropout "
        "and optimiser included. Texts are padded on the right and read at their ends; none is packed.",
        relation="≤",
        bound=1.2,
        rounds=3,
    )
    assert 0 < ours < 5 and 0 < theirs < 5


def test_points_of_a_line(benchmark, compare):
    classifier, reading = language.load("imdb-gru"), language.load_record("imdb-gru")
    F = classifier.cell.at(torch.zeros(classifier.cell.input_size)).double()
    starts = reading.states[: 500 if benchmark.enabled else 20].double()

    def descend():
        """Adam on q, as the paper's tools do, until all points are slow, or for 2,000 steps."""
        h = starts.clone().requires_grad_()
        optimizer = torch.optim.Adam([h], 1e-2)
        for _ in range(2000 if benchmark.enabled else 2):
            q = squared_speed(F, h) / F.state_size
            if (q < 1e-8).all():
                break
            optimizer.zero_grad()
            q.sum().backward()
            optimizer.step()
        return h.detach()

    ours, theirs = compare(
        lambda: find_slow_points(F, starts),
        descend,
        claim="500 points of a line attractor, 128 units",
        note="",
        rounds=1,
    )
    moved = [
        (classifier.network.double().outputs(h) - classifier.network.outputs(starts)).abs().median()
        for h in (ours, theirs)
    ]
    slow = (squared_speed(F, theirs) / F.state_size < 1e-8).sum()
    benchmark.extra_info["note"] = (
        f"Speed-up over Adam on q, which ends after 2,000 steps with {slow} of {len(starts)} points below q/N = 1e-8; "
        f"ours has {len(ours)}. The logit moves by {moved[0]:.2f} (ours) and {moved[1]:.2f} (Adam) on the way, in the "
        "median, of a range of about ±5."
    )
    assert len(ours) > 0.9 * len(starts)
