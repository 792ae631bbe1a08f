"""Tensors with JSON on disk: safetensors, written whole or not at all, never pickle."""

import json
import os
import tempfile
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor


def write(path: str | Path, content: bytes) -> None:
    """Write under a temporary name, then rename: `path` holds the old content or the new, never a part."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def save_tensors(path: str | Path, tensors: dict[str, Tensor], about: dict) -> None:
    """Named tensors, and JSON about them, in one safetensors file; complex ones, which it lacks, as pairs of reals."""
    pairs = [name for name, tensor in tensors.items() if tensor.is_complex()]
    tensors = {name: torch.view_as_real(tensor) if name in pairs else tensor for name, tensor in tensors.items()}
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write(path, save(tensors, metadata={"about": json.dumps(about), "complex": json.dumps(pairs)}))


def load_tensors(path: str | Path) -> tuple[dict[str, Tensor], dict]:
    """What `save_tensors` wrote.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no whole safetensors file.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        pairs = json.loads(metadata.get("complex", "[]"))
        return tensors | {name: torch.view_as_complex(tensors[name]) for name in pairs}, json.loads(
            metadata.get("about", "{}")
        )
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}); it is cut short, altered, or of another kind. "
            "Pickles (.pt, .pth) are never read: save weights with safetensors."
        ) from error
