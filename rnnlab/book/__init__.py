"""What the chapters of the book need, and nothing else does: claims, pretrained networks, texts, players, figures.

The method, all of `rnnlab` but this, imports nothing from here.
"""


def start(*, seed: int = 0, retrain: bool = False, profile: str = "full") -> None:
    """Check the parameters of a chapter, and compute on one thread: small networks are fastest so.

    Raises:
        ValueError: unless `seed` is an integer ≥ 0, `retrain` a truth value, and `profile` "full" or "fast".
    """
    import torch

    if type(seed) is not int or seed < 0:
        raise ValueError(f"seed must be an integer ≥ 0, got {seed!r}")
    if type(retrain) is not bool:
        raise ValueError(f"retrain must be True or False, got {retrain!r}")
    if profile not in ("full", "fast"):
        raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
    torch.set_num_threads(1)
