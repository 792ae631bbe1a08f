"""Live players: trained networks that run in a web page, with no kernel, no server and no outside request.

`player(network, task, pca, portraits)` exports weights, task, projection and fixed points as one piece of HTML;
there `network.js` runs the very recurrence in double precision. `chooser` shows one of several players.
"""

from rnnlab.live.page import Chooser, Player, chooser
from rnnlab.live.player import player

__all__ = ["Chooser", "Player", "chooser", "player"]
