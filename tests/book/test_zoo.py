"""Networks with their cards: what is saved is loaded, and nothing else is."""

import json

import pytest
import torch

from rnnlab import GRU, LSTM, UGRNN, LowRankRNN, Network, PreActivationRNN, RateRNN, Stacked, VanillaRNN
from rnnlab.book import tasks, zoo
from rnnlab.book.retrain import RECIPES
from rnnlab.tasks import FlipFlop


@pytest.fixture
def folder(tmp_path):
    zoo.save(Network.from_cell(GRU(3, 8), 3), "cube", tmp_path, seed=4)
    return tmp_path


CELLS = [GRU(3, 8), LSTM(3, 8), UGRNN(3, 8), VanillaRNN(3, 8, nonlinearity="relu"), PreActivationRNN(3, 8)]


@pytest.mark.parametrize(
    "cell", [*CELLS, RateRNN(3, 8, tau=2.0, dt=0.5), LowRankRNN(3, 8, rank=3, nonlinearity="erf", dt=1.0)]
)
def test_what_is_saved_is_loaded(cell, tmp_path):
    network = Network.from_cell(cell, 2)
    zoo.save(network, "mine", tmp_path, accuracy=0.5)
    loaded = zoo.load("mine", tmp_path)
    inputs = torch.randn(2, 5, 3)
    assert all(torch.equal(a, b) for a, b in zip(loaded(inputs), network(inputs)))
    assert loaded.card["accuracy"] == 0.5 and loaded.card["cell"] == type(cell).__name__
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "mine.safetensors"]


@pytest.mark.parametrize("name", ["flipflop2-gru", "flipflop3-gru"])
def test_the_shipped_flipflops_do_their_task(name):
    assert name in zoo.names()
    network = zoo.load(name)
    task = FlipFlop(network.cell.input_size)
    batch = task.batch(100, torch.Generator().manual_seed(5))
    accuracy = task.accuracy(network(batch.inputs)[0], batch)
    assert accuracy == pytest.approx(network.card["accuracy"], abs=2e-3) and accuracy > 0.995
    assert network.cell.W.dtype == torch.float32


@pytest.mark.parametrize("name", zoo.names())
def test_every_shipped_network_loads_and_fits_the_task_of_its_card(name):
    network = zoo.load(name)
    task = tasks.from_configuration(network.card["task"])
    network.check_fit(task)
    assert network.card["name"] == name and task == RECIPES[name].task


KINDS = ["delay3-gru", "one-hot-gru", "one-two-gru", "modulo3-gru", "repetition-gru", "pattern0101-gru", "tomita5-gru"]


@pytest.mark.parametrize("name", [*KINDS, "flipflop2-held-gru", "flipflop3-held-gru"])
def test_shipped_networks_do_the_task_of_their_card(name):
    network = zoo.load(name)
    task = tasks.from_configuration(network.card["task"])
    batch = task.batch(100, torch.Generator().manual_seed(5))
    accuracy = task.accuracy(network(batch.inputs)[0], batch)
    assert accuracy == pytest.approx(network.card["accuracy"], abs=3e-3) and accuracy > 0.99


RATE = ["decision-rank1", "context-rank1", "comparison-rank2", "flipflop3-rank3", "metronome-rank2"]


@pytest.mark.parametrize("name", [*RATE, "context-full-seed3", "reach", "reach-plain"])
def test_shipped_rate_networks_do_the_task_of_their_card(name):
    network = zoo.load(name)
    task = tasks.from_configuration(network.card["task"])
    batch = task.batch(500, torch.Generator().manual_seed(5))  # where there is one answer a trial
    accuracy = task.accuracy(network(batch.inputs)[0], batch)
    assert accuracy == pytest.approx(network.card["accuracy"], abs=1e-2) and accuracy > 0.975


def test_unknown_names_are_told_the_known_ones(folder):
    with pytest.raises(KeyError, match="no network 'ball'; there are: cube"):
        zoo.load("ball", folder)


def test_missing_weights(folder):
    (folder / "cube.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match="cube.safetensors"):
        zoo.load("cube", folder)


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda weights: weights[:-4], "cut short"),
        (lambda weights: b"", "cut short"),
        (lambda weights: weights[:-1] + bytes([weights[-1] ^ 1]), "not the file of its card: sha256"),
    ],
    ids=["truncated", "empty", "one bit"],
)
def test_damaged_weights(folder, damage, message):
    file = folder / "cube.safetensors"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ValueError, match=message):
        zoo.load("cube", folder)


def test_weights_of_another_network(folder):
    zoo.save(Network.from_cell(GRU(3, 8), 3), "other", folder)
    (folder / "other.safetensors").replace(folder / "cube.safetensors")
    with pytest.raises(ValueError, match="not the file of its card"):
        zoo.load("cube", folder)


def test_a_pickle_in_their_place(folder):
    torch.save(Network.from_cell(GRU(3, 8), 3).state_dict(), folder / "cube.safetensors")
    with pytest.raises(ValueError, match="Pickles .* are never read"):
        zoo.load("cube", folder)


@pytest.mark.parametrize("entry", ["state_size", "cell", "sha256"])
@pytest.mark.parametrize("value", [9, "Transformer", None])
def test_cards_that_do_not_fit(folder, entry, value):
    card = folder / "cube.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {entry: value}))
    with pytest.raises(ValueError, match="does not describe|not the file of its card"):
        zoo.load("cube", folder)


def test_cards_that_are_cut_short(folder):
    card = folder / "cube.json"
    card.write_text(card.read_text()[:-10])
    with pytest.raises(ValueError, match="cube.json does not describe"):
        zoo.load("cube", folder)


@pytest.mark.parametrize(
    "cell",
    [Stacked([GRU(3, 4), GRU(4, 4)]), type("Mine", (GRU,), {})(3, 4)],
    ids=["stacked", "defined elsewhere"],
)
def test_networks_that_a_card_cannot_describe(cell, tmp_path):
    with pytest.raises(ValueError, match="a card describes one cell of rnnlab.cells"):
        zoo.save(Network.from_cell(cell, 2), "mine", tmp_path)
    assert list(tmp_path.iterdir()) == []
