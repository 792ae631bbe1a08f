"""Files are whole or refused, and what stood there before survives a failed write."""

import errno
import os
import subprocess
import sys

import pytest
import torch

from rnnlab import storage

TENSORS = {
    "single": torch.randn(3, 4),
    "double": torch.randn(2, 2, dtype=torch.float64).T,
    "complex": torch.randn(5, dtype=torch.complex128),
    "count": torch.tensor(7),
    "bytes": torch.arange(9, dtype=torch.uint8),
    "none": torch.empty(0, 3),
}


@pytest.fixture
def file(tmp_path):
    storage.save_tensors(tmp_path / "deep" / "file.safetensors", TENSORS, {"text": "h → h′", "list": [1, 2.5]})
    return tmp_path / "deep" / "file.safetensors"


def test_what_is_written_is_read(file):
    tensors, about = storage.load_tensors(file)
    assert about == {"text": "h → h′", "list": [1, 2.5]}
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        torch.testing.assert_close(tensors[name], tensor, rtol=0, atol=0)


def test_a_file_cut_short_anywhere_is_refused(file):
    whole = file.read_bytes()
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="cut short"):
            storage.load_tensors(file)


def test_an_altered_header_loads_something_or_is_refused(file):
    whole = file.read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    refused = 0
    for position in range(header):
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
        try:
            storage.load_tensors(file)
        except ValueError as error:
            assert "not a whole safetensors file" in str(error)
            refused += 1
    assert refused > header / 2


def test_a_pickle_is_never_read(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    torch.save({"weights": torch.ones(3), "trap": Trap()}, tmp_path / "weights.pt")
    with pytest.raises(ValueError, match="Pickles .* are never read"):
        storage.load_tensors(tmp_path / "weights.pt")
    assert not (tmp_path / "sprung").exists()


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.safetensors"):
        storage.load_tensors(tmp_path / "nothing.safetensors")
    with pytest.raises(FileNotFoundError):
        storage.load_tensors(tmp_path)


# In a process of its own: the limit would also hold for the log that this one may be writing.
WRITE_TOO_MUCH = """
import resource, sys
import torch
from rnnlab import storage
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    storage.save_tensors(sys.argv[1], {"large": torch.zeros(1000)}, {})
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_write_that_fails_half_way_leaves_the_old_file(file):
    before = file.read_bytes()
    run = subprocess.run([sys.executable, "-c", WRITE_TOO_MUCH, file])
    assert run.returncode == errno.EFBIG
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS])
def test_a_rename_that_fails_leaves_the_old_file(file, monkeypatch, reason):
    def refuse(source, target):
        raise OSError(reason, os.strerror(reason), target)

    before = file.read_bytes()
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="file.safetensors"):
        storage.save_tensors(file, TENSORS, {})
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_takes_no_files(tmp_path):
    (tmp_path / "plain").write_text("a file, no folder")
    with pytest.raises(OSError, match="plain"):
        storage.write(tmp_path / "plain" / "file", b"")
