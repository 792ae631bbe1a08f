"""Live players: trained networks that run in a web page, with no kernel, no server and no outside request.

`player(network, task, pca, portraits)` exports the weights, the task, the projection and the fixed points as one piece
of HTML; there `network.js` runs the very recurrence in double precision, `tasks.js` knows what is asked, `pictures.js`
and `diagram.js` draw, `live.js` has what all players share, and `player.js` the controls. `chooser` shows one of
several players.
"""

from rnnlab.live.page import Chooser, Player, chooser
from rnnlab.live.player import player

__all__ = ["Chooser", "Player", "chooser", "player"]
