"""Pretrained networks, with cards that say what they are and how they were made."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from rnnlab import cells, storage
from rnnlab.book.recipes import RECIPES
from rnnlab.network import Network

FOLDER = Path(__file__).parent / "weights"


def names(folder: Path = FOLDER) -> list[str]:
    """Names of all pretrained networks."""
    return sorted(card.stem for card in folder.glob("*.json"))


def load(name: str, folder: Path = FOLDER) -> Network:
    """The pretrained network `name`, in float32, with its card (a dictionary) as `network.card`.

    Raises:
        KeyError: for an unknown name.
        FileNotFoundError: for missing weights.
        ValueError: for weights that are not, byte for byte, those of the card, or a card that does not describe them.
    """
    card, tensors = load_bundle(name, folder)
    with blaming_the_card(name, folder):
        kind = getattr(cells, card["cell"])
        options = {name: card[name] for name in kind.options if name in card}
        cell = kind(card["input_size"], card["state_size"], **options)
        network = Network.from_cell(cell, card["output_size"])
        network.load_state_dict(tensors)
    network.card = card
    return network


def get(name: str, *, retrain: bool = False) -> Network:
    """The pretrained network, or one trained again from its recipe.

    Raises:
        KeyError: for an unknown name, or one without a recipe.
    """
    if not retrain:
        return load(name)
    if name not in RECIPES:
        raise KeyError(f"no recipe {name!r}; there are: {', '.join(RECIPES)}")
    return RECIPES[name].train()


def seeds(name: str, folder: Path = FOLDER) -> list[str]:
    """The names of all networks of one recipe, in the order of their seeds: `name`, then `name-seed1`, …"""
    every = [other for other in names(folder) if re.fullmatch(rf"{re.escape(name)}(-seed\d+)?", other)]
    return sorted(every, key=lambda other: int(other.removeprefix(name).removeprefix("-seed") or 0))


def save(network: Network, name: str, folder: Path = FOLDER, **card) -> None:
    """Write the weights of `network` and its card, which also gets the given entries. Weights come first.

    Raises:
        ValueError: for networks that a card cannot describe: stacked ones, and cells defined elsewhere.
    """
    card = cell_configuration(network.cell) | {"output_size": network.readout.out_features, **card}
    save_bundle(name, network.state_dict(), card, folder)


def cell_configuration(cell: cells.Cell) -> dict:
    """A cell as entries of a card.

    Raises:
        ValueError: for cells that a card cannot describe.
    """
    if getattr(cells, type(cell).__name__, None) is not type(cell) or isinstance(cell, cells.Stacked):
        raise ValueError(f"a card describes one cell of rnnlab.cells, got {cell}")
    return cell.configuration()


def load_bundle(name: str, folder: Path) -> tuple[dict, dict[str, Tensor]]:
    """The card and the tensors kept under `name`, of whatever kind.

    Raises:
        KeyError: for an unknown name.
        FileNotFoundError: for missing tensors, and for a folder without any, as in a wheel; it says where they are.
        ValueError: for tensors that are not, byte for byte, those of the card.
    """
    card_file, tensor_file = folder / f"{name}.json", folder / f"{name}.safetensors"
    if not card_file.is_file():
        if not (there := names(folder)):
            raise FileNotFoundError(
                f"no weights in {folder}. Those of the book are in its repository, not in the wheel: clone it and "
                "`pip install -e .` there, or give the folder that has them"
            )
        raise KeyError(f"no network {name!r}; there are: {', '.join(there)}")
    tensors, _ = storage.load_tensors(tensor_file)
    with blaming_the_card(name, folder):
        card = json.loads(card_file.read_text())
        expected = card["sha256"]
    found = hashlib.sha256(tensor_file.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"{tensor_file} is not the file of its card: sha256 {found}, expected {expected}")
    return card, tensors


def save_bundle(name: str, tensors: dict[str, Tensor], card: dict, folder: Path) -> None:
    """Keep tensors and their card under `name`; the tensors come first."""
    tensor_file = folder / f"{name}.safetensors"
    storage.save_tensors(tensor_file, tensors, {})
    sha256 = hashlib.sha256(tensor_file.read_bytes()).hexdigest()
    card = {"name": name, **card, "torch": torch.__version__, "sha256": sha256}
    storage.write(folder / f"{name}.json", (json.dumps(card, indent=1) + "\n").encode())


@contextmanager
def blaming_the_card(name: str, folder: Path) -> Iterator[None]:
    """Whatever goes wrong inside is the fault of a card that does not describe its tensors: a ValueError."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise ValueError(f"{folder / name}.json does not describe the weights beside it: {error!r}") from error
