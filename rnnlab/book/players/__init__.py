"""Players that belong to one chapter each: a network that reads, a low-rank landscape, and a memory of pictures."""

from rnnlab.book.players.landscape import Dial, LandscapePlayer, landscape
from rnnlab.book.players.memories import MemoriesPlayer, memories
from rnnlab.book.players.reading import ReadingPlayer, reading

__all__ = ["Dial", "LandscapePlayer", "MemoriesPlayer", "ReadingPlayer", "landscape", "memories", "reading"]
