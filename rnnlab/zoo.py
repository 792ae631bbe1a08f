"""Trained networks, shipped with cards that say what they are and how they were made."""

import hashlib
import json
from importlib import resources
from pathlib import Path

import torch

from rnnlab import cells, storage
from rnnlab.network import Network

FOLDER = Path(str(resources.files("rnnlab"))) / "weights"


def names() -> list[str]:
    """Names of all shipped networks."""
    return sorted(card.stem for card in FOLDER.glob("*.json"))


def load(name: str, folder: Path = FOLDER) -> Network:
    """The network shipped under `name`, in float32, with its card (a dictionary) as `network.card`.

    Raises KeyError for an unknown name, FileNotFoundError for missing weights, and ValueError for weights that are
    not, byte for byte, those of the card, or a card that does not describe them.
    """
    card_file, weights_file = folder / f"{name}.json", folder / f"{name}.safetensors"
    if not card_file.is_file():
        raise KeyError(
            f"no network {name!r}; there are: {', '.join(sorted(card.stem for card in folder.glob('*.json')))}"
        )
    tensors, _ = storage.load_tensors(weights_file)
    try:
        card = json.loads(card_file.read_text())
        expected = card["sha256"]
        network = Network.create(
            getattr(cells, card["cell"])(card["input_size"], card["state_size"]), card["output_size"]
        )
        network.load_state_dict(tensors)
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise ValueError(f"{card_file} does not describe the weights beside it: {error!r}") from error
    found = hashlib.sha256(weights_file.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"{weights_file} is not the file of its card: sha256 {found}, expected {expected}")
    network.card = card
    return network


def save(network: Network, name: str, folder: Path = FOLDER, **card) -> None:
    """Write the weights of `network` and its card, which also gets the given entries. Weights come first.

    Raises ValueError for networks that a card cannot describe: stacked ones, relu ones, and cells defined elsewhere.
    """
    cell = network.cell
    known = getattr(cells, type(cell).__name__, None) is type(cell) and not isinstance(cell, cells.Stacked)
    if not known or getattr(cell, "nonlinearity", "tanh") != "tanh":
        raise ValueError(f"a card describes one cell of rnnlab.cells, vanilla ones with tanh; got {cell}")
    weights_file = folder / f"{name}.safetensors"
    storage.save_tensors(weights_file, network.state_dict(), {})
    card = {
        "name": name,
        "cell": type(cell).__name__,
        "input_size": cell.input_size,
        "state_size": cell.state_size,
        "output_size": network.readout.out_features,
        **card,
        "torch": torch.__version__,
        "sha256": hashlib.sha256(weights_file.read_bytes()).hexdigest(),
    }
    storage.write(folder / f"{name}.json", (json.dumps(card, indent=1) + "\n").encode())
