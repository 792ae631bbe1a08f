"""Training of text classifiers: Adam over the texts of a training split, the best epoch by a validation split."""

import time
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils.rnn import pad_sequence
from tqdm.auto import tqdm

from rnnlab.book.corpora import UNKNOWN, Split
from rnnlab.book.language.classifier import TextClassifier, last_states
from rnnlab.training import History, TrainingDiverged, load_checkpoint, save_checkpoint

POOL = 50  # batches whose texts are sorted by length together: few blanks at the ends, and batches differ by epoch


def train_classifier(
    classifier: TextClassifier,
    train: Split,
    validation: Split,
    *,
    epochs: int,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    dropout: float = 0.5,
    blanks: float = 0.1,
    pause: int = 0,
    longest: int = 400,
    seed: int = 0,
    checkpoint: str | Path | None = None,
    progress: bool = True,
) -> History:
    """Train `classifier` in place: minimise the cross-entropy of the class at the last token.

    Adam, gradient norm clipped at 1, learning rate falling to 1 % of `learning_rate` along half a cosine. Batches hold
    texts of like lengths, padded on the right and read at their true ends; of a text longer than `longest` tokens,
    the last ones. A network that is to answer well across a pause must hold what it has gathered, whatever it is.
    After each epoch the accuracy on `validation` is measured, on whole texts; the weights of the best epoch are those
    that stay.

    Args:
        dropout: share of the units that enter and leave the cell that is set to 0; in training only, as the next two.
        blanks: share of the tokens that are dropped: zero-input steps stand in their place.
        pause: at one random place in each text come 0 … `pause` zero-input steps, drawn for the batch.
        checkpoint: a file that is written after each epoch and continued from if it is there.

    Raises:
        ValueError: for empty splits, labels that are none of the classes, settings out of range, or a checkpoint of
            another run.
        TrainingDiverged: where the loss is not finite.
    """
    for name, split in {"train": train, "validation": validation}.items():
        if not len(split) or not 0 <= split.labels.min() <= split.labels.max() < len(classifier.classes):
            raise ValueError(f"{name} must hold texts with labels 0 … {len(classifier.classes) - 1}")
    if min(epochs, batch_size, longest) < 1 or pause < 0 or not (0 <= dropout < 1 and 0 <= blanks < 1):
        raise ValueError(
            "epochs, batch_size and longest must be at least 1, pause at least 0, dropout and blanks in [0, 1); got "
            f"{epochs}, {batch_size}, {longest}, {pause}, {dropout}, {blanks}"
        )
    run = dict(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, dropout=dropout, blanks=blanks)
    run |= dict(pause=pause, longest=longest, seed=seed, texts=len(train), classifier=repr(classifier))
    generator = torch.Generator().manual_seed(seed)
    texts = [text[-longest:] for text in classifier.encode(train.texts)]
    held = classifier.encode(validation.texts)
    optimizer = torch.optim.Adam(classifier.parameters(), learning_rate)
    steps = -(-len(texts) // batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps, learning_rate / 100)
    history, best = History(), {}
    if checkpoint and Path(checkpoint).exists():
        history, best = load_checkpoint(checkpoint, run, classifier, optimizer, schedule, generator)

    began = time.monotonic() - history.seconds
    while len(history.accuracy) < epochs:
        with tqdm(_batches(texts, batch_size, generator), disable=not progress) as batches:
            batches.set_description(f"epoch {len(history.accuracy) + 1} of {epochs}")
            for rows in batches:
                logits = _read(classifier, [texts[i] for i in rows], dropout, blanks, pause, generator)
                labels = train.labels[rows]
                if logits.shape[1] == 1:
                    loss = binary_cross_entropy_with_logits(logits[:, 0], labels.to(logits))
                else:
                    loss = cross_entropy(logits, labels)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(classifier.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                history.loss.append(loss.item())
                if not torch.isfinite(loss):
                    raise TrainingDiverged(
                        f"loss {history.loss[-1]} at step {history.steps}: try a learning rate below {learning_rate:g}"
                    )
        with torch.no_grad():
            predicted = classifier.predict(classifier.network.outputs(last_states(classifier, held)))
        history.accuracy.append((predicted == validation.labels).double().mean().item())
        history.evaluated.append(history.steps)
        history.seconds = time.monotonic() - began
        if history.accuracy[-1] >= max(history.accuracy):
            best = {name: weights.clone() for name, weights in classifier.state_dict().items()}
        if checkpoint:
            save_checkpoint(checkpoint, run, history, classifier, optimizer, schedule, generator, best)
    classifier.load_state_dict(best)
    return history


def _batches(texts, batch_size, generator):
    """Rows of batches of texts of like lengths, all texts once, in random order."""
    batches = []
    for pool in torch.randperm(len(texts), generator=generator).split(POOL * batch_size):
        rows = sorted(pool.tolist(), key=lambda i: len(texts[i]))
        batches += [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]
    return [batches[i] for i in torch.randperm(len(batches), generator=generator).tolist()]


def _read(classifier, texts, dropout, blanks, pause, generator):
    """Logits after the last token of each text, as the network is read in training."""
    if pause:
        silence = torch.full((int(torch.randint(pause + 1, (), generator=generator)),), UNKNOWN)
        places = [1 + int(torch.randint(len(text), (), generator=generator)) for text in texts]
        texts = [torch.cat([text[:place], silence, text[place:]]) for text, place in zip(texts, places)]
    tokens = pad_sequence(texts, batch_first=True)
    tokens = tokens.masked_fill(torch.rand(tokens.shape, generator=generator) < blanks, UNKNOWN)
    states = classifier.network(_dropped(classifier.embed(tokens), dropout, generator))[1]
    ends = states[range(len(texts)), [len(text) - 1 for text in texts]]
    return classifier.network.readout(_dropped(classifier.cell.output(ends), dropout, generator))


def _dropped(x, share, generator):
    """x with a random share of its numbers set to 0, and the others grown to keep the mean."""
    return x * (torch.rand(x.shape, generator=generator) >= share) / (1 - share)
