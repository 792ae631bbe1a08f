"""Training: Adam on fresh batches, until the task is done."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from tqdm.auto import tqdm

from rnnlab import storage
from rnnlab.network import Network
from rnnlab.tasks.task import Batch, Task


class TrainingDiverged(RuntimeError):
    """The loss became infinite, NaN, or far larger than at the start."""


@dataclass
class History:
    """What training did: the loss of every step, and accuracy at the steps at which it was measured."""

    loss: list[float] = field(default_factory=list)
    evaluated: list[int] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def steps(self) -> int:
        """How many steps were trained."""
        return len(self.loss)

    def __str__(self):
        accuracy = f"accuracy {self.accuracy[-1]:.4%}" if self.accuracy else "accuracy not measured"
        return f"{self.steps} steps in {self.seconds:.0f} s, loss {self.loss[-1]:.2e}, {accuracy}"


def train(
    network: Network,
    task: Task,
    *,
    steps: int = 2000,
    batch_size: int = 64,
    learning_rate: float = 5e-3,
    state_noise: float = 0.0,
    state_drift: float = 0.0,
    rate_penalty: float = 0.0,
    weight_penalty: float = 0.0,
    target_accuracy: float | None = None,
    seed: int = 0,
    evaluate_every: int = 100,
    checkpoint: str | Path | None = None,
    watch: Callable[[int], None] | None = None,
    progress: bool = True,
) -> History:
    """Train `network` in place: minimise the mean squared error of its outputs over the scored steps of fresh batches.

    Adam, gradient norm clipped at 1, learning rate falling to 1 % of `learning_rate` along half a cosine over `steps`.
    A state that is held by a nearly closed gate moves away under noise and drift, in proportion to √t and to t; one
    that is held by an attractor does not. Source of the penalties: Sussillo et al. 2015.

    Args:
        state_noise: standard deviation of Gaussian noise on every unit and step; in training only, as the next.
        state_drift: that of a push on every unit that is the same at all steps of a sequence.
        rate_penalty: times the mean square of what readouts see of the state, is added to the error.
        weight_penalty: times the mean square of the recurrent weights U, is added to the error.
        target_accuracy: at which training ends (None: after `steps`).
        evaluate_every: steps after which the accuracy on 256 sequences that are never trained on is measured.
        checkpoint: the file that is written at each evaluation and continued from if it is there: an interrupted run
            ends in the same weights as one that was not.
        watch: called with the number of steps done, before the first one and after each evaluation.

    Raises:
        ValueError: if the sizes of network and task do not fit or the checkpoint belongs to another run.
        TrainingDiverged: where the loss is not finite or a thousand times the first one.

    >>> network = rnnlab.Network.from_cell(rnnlab.GRU(1, 8), 1)
    >>> history = rnnlab.train(network, rnnlab.tasks.FlipFlop(bits=1, length=20), steps=30, progress=False)
    >>> history.steps, history.loss[-1] < history.loss[0]
    (30, True)
    """
    network.check_fit(task)
    weight = next(network.parameters())
    if steps < 1 or batch_size < 1 or evaluate_every < 1:
        raise ValueError(
            f"steps, batch_size and evaluate_every must be at least 1, got {steps}, {batch_size}, {evaluate_every}"
        )
    run = dict(steps=steps, batch_size=batch_size, learning_rate=learning_rate)
    run |= dict(state_noise=state_noise, state_drift=state_drift, seed=seed, task=repr(task), network=repr(network))
    run |= dict(rate_penalty=rate_penalty, weight_penalty=weight_penalty)
    generator = torch.Generator().manual_seed(seed)
    unseen = task.batch(256, torch.Generator().manual_seed(seed + 2**32))
    optimizer = torch.optim.Adam(network.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, learning_rate / 100)
    history = History()
    if checkpoint and Path(checkpoint).exists():
        history, _ = load_checkpoint(checkpoint, run, network, optimizer, schedule, generator)
    elif checkpoint:  # a folder that cannot be written to shows before the first step
        save_checkpoint(checkpoint, run, history, network, optimizer, schedule, generator)

    if watch and not history.steps:
        watch(0)
    began = time.monotonic() - history.seconds
    with tqdm(total=steps, initial=history.steps, desc="training", disable=not progress) as bar:
        while history.steps < steps and not _reached(history, target_accuracy):
            batch = task.batch(batch_size, generator)
            inputs, targets, scored = batch.inputs.to(weight), batch.targets.to(weight), batch.scored.to(weight.device)
            noise = None
            if state_noise or state_drift:
                shape = (*inputs.shape[:2], network.cell.state_size)
                noise = state_noise * torch.randn(shape, generator=generator).to(inputs)
                if state_drift:
                    noise += state_drift * torch.randn(shape[0], 1, shape[2], generator=generator).to(inputs)
            outputs, states = network(inputs, noise=noise)
            loss = ((outputs - targets) ** 2).mean(-1)[scored].mean()
            if rate_penalty:
                loss = loss + rate_penalty * (network.cell.output(states) ** 2).mean()
            if weight_penalty:
                loss = loss + weight_penalty * (network.cell.U**2).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            history.loss.append(loss.item())
            bar.update()
            if not history.loss[-1] < 1000 * history.loss[0] + 1e-30:
                raise TrainingDiverged(
                    f"loss {history.loss[-1]:.3g} at step {history.steps}, {history.loss[0]:.3g} at the start: "
                    f"try a learning rate below {learning_rate:g}, or check the targets for values that are not finite"
                )
            if history.steps % evaluate_every == 0 or history.steps == steps:
                history.evaluated.append(history.steps)
                history.accuracy.append(evaluate(network, task, unseen))
                history.seconds = time.monotonic() - began
                bar.set_postfix(loss=f"{history.loss[-1]:.1e}", accuracy=f"{history.accuracy[-1]:.2%}")
                if checkpoint:
                    save_checkpoint(checkpoint, run, history, network, optimizer, schedule, generator)
                if watch:
                    watch(history.steps)
    return history


def evaluate(network: Network, task: Task, batch: Batch) -> float:
    """The task's accuracy of the network on a batch."""
    with torch.no_grad():
        return task.accuracy(network(batch.inputs.to(next(network.parameters())))[0].cpu(), batch)


def _reached(history, target):
    return target is not None and history.accuracy and history.accuracy[-1] >= target


def save_checkpoint(path, run, history, model, optimizer, schedule, generator, kept=()):
    """Write a training run's state whole; `run` says which run it is, `kept` holds weights of the best state so far."""
    tensors = {f"network.{name}": tensor for name, tensor in model.state_dict().items()}
    for i, state in optimizer.state_dict()["state"].items():
        tensors |= {f"adam.{i}.{name}": tensor for name, tensor in state.items()}
    tensors |= {f"kept.{name}": tensor for name, tensor in dict(kept).items()}
    tensors["generator"] = generator.get_state()
    about = {"run": run, "history": asdict(history), "schedule": schedule.state_dict()}
    storage.save_tensors(path, tensors, about)


def load_checkpoint(path, run, model, optimizer, schedule, generator):
    """Continue from what `save_checkpoint` wrote: the `History` and the kept weights; all else is set in place.

    Raises:
        ValueError: if the file belongs to another run.
    """
    tensors, about = storage.load_tensors(path)
    if about.get("run") != run:
        raise ValueError(
            f"checkpoint {path} belongs to another run: {about.get('run')}, this one is {run}; "
            "move it away to start anew"
        )

    def under(prefix):
        return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}

    model.load_state_dict(under("network."))
    adam = optimizer.state_dict()
    for name, tensor in under("adam.").items():
        i, entry = name.split(".")
        adam["state"].setdefault(int(i), {})[entry] = tensor
    optimizer.load_state_dict(adam)
    schedule.load_state_dict(about["schedule"])
    for group in optimizer.param_groups:
        group["lr"] = schedule.get_last_lr()[0]
    generator.set_state(tensors["generator"])
    return History(**about["history"]), under("kept.")
