"""Elements of a web page: a player, several of which one is shown, and the scripts that run them."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnnlab.colours import CYCLE, FLOW, INPUTS, SADDLES, SLOW, STABLE, TRAJECTORY

COLOURS = {
    "stable": STABLE,
    **{f"saddle{n}": colour for n, colour in enumerate(SADDLES, 1)},  # by unstable directions, the last for more
    "slow": SLOW,
    "cycle": CYCLE,
    "trajectory": TRAJECTORY,
    "flow": FLOW,
    "input": INPUTS[2],
}
FALLBACK = "This player needs JavaScript. In a notebook, trust it (or run this cell); in a browser, allow scripts."
HERE = Path(__file__).parent
# What of the language of modules the scripts use.
IMPORT = re.compile(r'^import \{\s*(\w+(?:,\s*\w+)*),?\s*\} from "(\.[^"]+)";$', flags=re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class) (\w+))", flags=re.MULTILINE)
OTHER = re.compile(r"^\s*(?:import|export)\b.*|.*\bimport\s*[(.].*", flags=re.MULTILINE)


@dataclass(frozen=True)
class Player:
    """A network that runs in a web page. Notebooks display it; `html` is the same for a page of one's own.

    `model` is what the page gets: plain JSON, with arrays as base64 of little-endian floats. Another kind of player
    has a tag of its own, which its script defines, and the files of its styles, all in one shadow root.
    """

    model: dict
    _tag = "rnnlab-player"
    _script = HERE / "player.js"
    _styles = (HERE / "player.css",)

    @property
    def html(self) -> str:
        """The element and the script that defines it."""
        return self._element() + self._definition()

    @classmethod
    def _definition(cls):
        return _defined(cls._tag, cls._script, cls._styles)

    def _element(self, attributes=""):
        model = html.escape(json.dumps(self.model, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        # JupyterLab's shortcuts would take the letters that are typed in a shadow root.
        attributes += " data-lm-suppress-shortcuts"
        return f'<{self._tag}{attributes} data-model="{model}"><p>{FALLBACK}</p></{self._tag}>\n'

    def __repr__(self):
        network, inputs = self.model["network"], len(self.model["portraits"])
        return f"Player({network['cell']}, {network['units']} units, fixed points under {inputs} inputs)"

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True)
class Chooser:
    """Several players, of which the page shows one at a time. Notebooks display it; `html` is for other pages."""

    name: str
    players: Mapping[str, Player]

    @property
    def html(self) -> str:
        """The elements under their buttons, and the scripts that define them."""
        choices = html.escape(json.dumps([self.name, *self.players], ensure_ascii=False))
        elements = (player._element(" hidden" if i else "") for i, player in enumerate(self.players.values()))
        kinds = dict.fromkeys(type(player) for player in self.players.values())
        scripts = [kind._definition() for kind in kinds]
        scripts.append(_defined("rnnlab-chooser", HERE / "chooser.js", Player._styles))
        return f'<rnnlab-chooser data-choices="{choices}">\n{"".join(elements)}</rnnlab-chooser>\n{"".join(scripts)}'

    def __repr__(self):
        return f"Chooser({self.name}: {', '.join(self.players)})"

    def _repr_html_(self) -> str:
        return self.html


def chooser(players: Mapping[str, Player], *, name: str) -> Chooser:
    """One of several players at a time, the first to begin with, under buttons with their names; only that one runs.

    Raises:
        ValueError: for no players.
    """
    if not players:
        raise ValueError("players must not be empty: there is nothing to choose from")
    return Chooser(name, dict(players))


def bundle(entry: Path) -> str:
    """An ES module with all that it imports as one classic script, which needs no request and runs from file://.

    A module stands after those that it imports, in a scope of its own: `const $k = (() => {…; return {exports}; })();`.
    The forms that are known are `import { a, b } from "./file.js";`, and `export` before `const` or `class`.

    Raises:
        FileNotFoundError: for a module that is missing.
        ValueError: for modules that import each other in a circle, for an import of what is not exported, and for other
            forms of import and export.
    """
    exports: dict[Path, list[str]] = {}  # of the modules so far, in their order
    script = ['"use strict";\n']  # as modules are

    def add(path, importers=()):
        if path in importers:
            circle = " → ".join(module.name for module in (*importers[importers.index(path) :], path))
            raise ValueError(f"modules must not import each other in a circle: {circle}")
        if path in exports:
            return
        if not path.is_file():
            raise FileNotFoundError(f"{importers[-1].name if importers else 'a player'} needs {path}, which is missing")

        def imported(match):
            names, module = re.findall(r"\w+", match[1]), (path.parent / match[2]).resolve()
            add(module, (*importers, path))
            if unknown := [name for name in names if name not in exports[module]]:
                raise ValueError(f"{path.name} imports {', '.join(unknown)}, which {module.name} does not export")
            return f"const {{ {', '.join(names)} }} = ${list(exports).index(module)};"

        code = IMPORT.sub(imported, path.read_text("utf-8"))
        names = EXPORT.findall(code)
        code = EXPORT.sub("", code)
        if other := OTHER.search(code):
            raise ValueError(f"{path.name}: {other[0].strip()!r} is no form of import or export that is known here")
        script.append(f"const ${len(exports)} = (() => {{\n{code}return {{ {', '.join(names)} }};\n}})();\n")
        exports[path] = names

    add(entry.resolve())
    return "".join(script)


def _defined(tag, entry, styles):
    """The script that defines an element, unless one before it on the page has done so."""
    css = "".join(path.read_text("utf-8") for path in styles)
    # Without indentation, since each player carries it. No file holds "</script>".
    css, script = (re.sub(r"^\s+", "", text, flags=re.MULTILINE) for text in (css, bundle(entry)))
    return f'<script>customElements.get("{tag}") || (STYLE => {{\n{script}}})({json.dumps(css)});</script>\n'
