"""Training reaches its target, goes on where it was interrupted, and says when it cannot."""

import errno
import os

import pytest
import torch

from rnnlab import GRU, LSTM, UGRNN, Network, TrainingDiverged, VanillaRNN, storage, train
from rnnlab.book import recipes, zoo
from rnnlab.book.machines import tomita
from rnnlab.tasks import Automaton, FlipFlop
from rnnlab.training import evaluate

TASK = FlipFlop(1, length=15, rates=(0.1, 0.5))
SHORT = {"steps": 30, "batch_size": 8, "evaluate_every": 10, "state_noise": 0.05, "progress": False}


def network(kind=GRU, size=6, *, seed=0, outputs=1):
    generator = torch.Generator().manual_seed(seed)
    return Network.from_cell(kind(1, size, generator=generator), outputs, generator=generator)


def weights(net):
    return torch.cat([weight.flatten() for weight in net.state_dict().values()])


@pytest.mark.parametrize("kind, size", [(GRU, 8), (LSTM, 16), (UGRNN, 8), (VanillaRNN, 8)])
def test_a_small_task_is_learned_and_training_stops_there(kind, size):
    net = network(kind, size)
    history = train(net, TASK, steps=600, target_accuracy=0.99, evaluate_every=25, learning_rate=1e-2, progress=False)
    assert history.accuracy[-1] >= 0.99 > max(history.accuracy[:-1])
    assert history.evaluated[-1] == history.steps == len(history.loss) < 600
    assert evaluate(net, TASK, TASK.batch(500, torch.Generator().manual_seed(99))) > 0.98
    assert f"{history.steps} steps" in str(history)


def test_training_is_a_function_of_its_seeds():
    nets = [network() for _ in range(3)]
    first, again, other = (train(net, TASK, seed=seed, **SHORT) for net, seed in zip(nets, (0, 0, 1)))
    assert first.loss == again.loss != other.loss
    assert torch.equal(weights(nets[0]), weights(nets[1])) and not torch.equal(weights(nets[0]), weights(nets[2]))


def test_float64_networks_stay_in_float64():
    single, double = network(), network().double()
    train(single, TASK, **SHORT)
    train(double, TASK, **SHORT)
    assert {weight.dtype for weight in double.parameters()} == {torch.float64}
    torch.testing.assert_close(weights(double).float(), weights(single), rtol=0, atol=1e-3)


def test_drift_is_the_same_at_all_steps_and_noise_is_not(monkeypatch):
    added = []
    forward = Network.forward

    def listen(self, inputs, h0=None, noise=None):
        if noise is not None:
            added.append(noise)
        return forward(self, inputs, h0, noise)

    monkeypatch.setattr(Network, "forward", listen)
    many = {"steps": 5, "batch_size": 200, "progress": False}
    train(network(), TASK, state_drift=0.3, **many)
    drift = torch.cat(added)
    assert drift.shape == (5 * 200, 15, 6) and torch.equal(drift, drift[:, :1].expand_as(drift))
    assert drift[:, 0].std().item() == pytest.approx(0.3, rel=0.05) and abs(drift.mean()) < 0.02
    added.clear()
    train(network(), TASK, state_drift=0.3, state_noise=0.1, **many)
    both = torch.cat(added)
    assert (both - both.mean(1, keepdim=True)).std().item() == pytest.approx(0.1, rel=0.05)
    assert both.mean(1).std().item() == pytest.approx((0.3**2 + 0.1**2 / 15) ** 0.5, rel=0.05)
    added.clear()
    train(network(), TASK, **many)
    assert added == []


def test_training_is_watched_before_the_first_step_and_after_each_evaluation(tmp_path):
    seen, checkpoint = [], tmp_path / "c"
    net = network()
    before = weights(net).clone()
    train(net, TASK, watch=lambda step: seen.append((step, weights(net).clone())), checkpoint=checkpoint, **SHORT)
    assert [step for step, _ in seen] == [0, 10, 20, 30]
    assert torch.equal(seen[0][1], before) and torch.equal(seen[-1][1], weights(net))
    train(network(), TASK, watch=lambda step: seen.append(step), checkpoint=checkpoint, **SHORT)
    assert len(seen) == 4  # a finished run has nothing to show


RECIPE = recipes.Recipe(Automaton(tomita(1), length=25), units=8, warm_up=30, steps=20, state_drift=0.08, seed=3)


def test_a_recipe_may_begin_on_short_words(monkeypatch):
    runs = []
    original = recipes.train

    def listen(network, task, **arguments):
        runs.append((task, arguments))
        return original(network, task, **arguments)

    monkeypatch.setattr(recipes, "train", listen)
    card = RECIPE.train(progress=False).card
    (short, gentle), (long, whole) = runs
    assert (short, long) == (Automaton(tomita(1), length=20), RECIPE.task)
    assert (gentle["steps"], gentle["state_drift"]) == (30, 0.02)
    assert (whole["steps"], whole["state_drift"]) == (20, 0.08)
    assert card["training"]["warm_up"] == 30 and card["training"]["state_drift"] == 0.08
    assert Automaton.from_configuration(card["task"]) == RECIPE.task
    assert card["cell"] == "GRU" and card["state_size"] == 8 and card["output_size"] == RECIPE.task.output_size


def test_both_parts_of_an_interrupted_recipe_are_resumed(tmp_path, monkeypatch):
    whole = RECIPE.train(progress=False)
    original, drawn = Automaton.batch, []

    def interrupted(*arguments):
        drawn.append(arguments)
        if len(drawn) > 1 + 30 + 1 + 10:  # the evaluations of both parts, the warm-up, and half of what follows
            raise KeyboardInterrupt
        return original(*arguments)

    checkpoint = tmp_path / "tiny.safetensors"
    with monkeypatch.context() as patch:
        patch.setattr(Automaton, "batch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            RECIPE.train(checkpoint=checkpoint, progress=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.safetensors", "tiny.short.safetensors"]
    resumed = RECIPE.train(checkpoint=checkpoint, progress=False)
    assert torch.equal(weights(resumed), weights(whole))


@pytest.mark.parametrize("stopped", [5, 24])
def test_an_interrupted_run_ends_in_the_same_weights(tmp_path, monkeypatch, stopped):
    whole = network()
    expected = train(whole, TASK, **SHORT)

    original, drawn = FlipFlop.batch, []

    def interrupted(*arguments):
        drawn.append(arguments)
        if len(drawn) > 1 + stopped:  # one batch is for the evaluations
            raise KeyboardInterrupt
        return original(*arguments)

    checkpoint = tmp_path / "checkpoint.safetensors"
    with monkeypatch.context() as patch:
        patch.setattr(FlipFlop, "batch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(network(), TASK, checkpoint=checkpoint, **SHORT)
    resumed = network(seed=7)  # its own weights do not matter: they come from the checkpoint
    history = train(resumed, TASK, checkpoint=checkpoint, **SHORT)
    assert torch.equal(weights(resumed), weights(whole))
    assert (history.loss, history.accuracy, history.evaluated) == (expected.loss, expected.accuracy, expected.evaluated)


def test_a_finished_run_is_not_trained_again(tmp_path):
    first, second = network(), network(seed=7)
    expected = train(first, TASK, checkpoint=tmp_path / "c", **SHORT)
    history = train(second, TASK, checkpoint=tmp_path / "c", **SHORT)
    assert history == expected and torch.equal(weights(second), weights(first))


def test_divergence_is_an_error():
    with pytest.raises(TrainingDiverged, match="try a learning rate below 1000"):
        train(network(), TASK, learning_rate=1e3, steps=200, progress=False)


def test_targets_that_are_not_numbers_are_an_error(monkeypatch):
    original = FlipFlop.batch
    monkeypatch.setattr(FlipFlop, "batch", lambda *a: original(*a)._replace(targets=torch.full((8, 15, 1), torch.nan)))
    with pytest.raises(TrainingDiverged, match="loss nan at step 1"):
        train(network(), TASK, **SHORT)


def test_checkpoints_of_another_kind_are_refused(tmp_path):
    checkpoint = tmp_path / "checkpoint.safetensors"
    train(network(), TASK, checkpoint=checkpoint, **SHORT)
    content = checkpoint.read_bytes()
    others = [
        (network(), TASK, SHORT | {"learning_rate": 1e-3}),
        (network(), TASK, SHORT | {"state_drift": 0.1}),
        (network(), FlipFlop(1, length=16), SHORT),
        (network(), TASK, SHORT | {"seed": 1}),
        (network(size=7), TASK, SHORT),
        (network(UGRNN), TASK, SHORT),
    ]
    for net, task, arguments in others:
        before = weights(net).clone()
        with pytest.raises(ValueError, match="belongs to another run"):
            train(net, task, checkpoint=checkpoint, **arguments)
        assert torch.equal(weights(net), before)
    zoo.save(network(), "weights", tmp_path)
    with pytest.raises(ValueError, match="belongs to another run"):
        train(network(), TASK, checkpoint=tmp_path / "weights.safetensors", **SHORT)
    torch.save(network().state_dict(), tmp_path / "pickle")
    with pytest.raises(ValueError, match="never read"):
        train(network(), TASK, checkpoint=tmp_path / "pickle", **SHORT)
    checkpoint.write_bytes(content[:-1])
    with pytest.raises(ValueError, match="cut short"):
        train(network(), TASK, checkpoint=checkpoint, **SHORT)
    assert checkpoint.read_bytes() == content[:-1]


def test_a_disk_that_fills_up_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    whole, checkpoint = network(), tmp_path / "checkpoint.safetensors"
    train(whole, TASK, **SHORT)
    replace, saved = os.replace, []

    def fill_up(source, target):
        if len(saved) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        replace(source, target)
        saved.append(checkpoint.read_bytes())

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fill_up)
        with pytest.raises(OSError, match="No space left on device"):
            train(network(), TASK, checkpoint=checkpoint, **SHORT)
    assert checkpoint.read_bytes() == saved[-1] and list(tmp_path.iterdir()) == [checkpoint]
    assert len(storage.load_tensors(checkpoint)[1]["history"]["loss"]) == 10
    resumed = network(seed=7)
    train(resumed, TASK, checkpoint=checkpoint, **SHORT)
    assert torch.equal(weights(resumed), weights(whole))


def test_a_place_that_takes_no_checkpoint_shows_before_the_first_step(tmp_path):
    (tmp_path / "file").write_text("no folder")
    net = network()
    before = weights(net).clone()
    with pytest.raises(OSError, match="file"):
        train(net, TASK, checkpoint=tmp_path / "file" / "checkpoint", **SHORT)
    assert torch.equal(weights(net), before)


@pytest.mark.parametrize(
    "net, arguments, message",
    [
        (network(), {"task": FlipFlop(2)}, "has 1 inputs and 1 outputs, the task 2 and 2"),
        (network(outputs=2), {}, "has 1 inputs and 2 outputs, the task 1 and 1"),
        (network(), {"steps": 0}, "must be at least 1, got 0"),
        (network(), {"batch_size": 0}, "must be at least 1"),
        (network(), {"evaluate_every": 0}, "must be at least 1"),
    ],
)
def test_what_cannot_be_trained(net, arguments, message):
    with pytest.raises(ValueError, match=message):
        train(net, **{"task": TASK, "progress": False} | arguments)
