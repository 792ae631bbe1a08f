"""The scripts of the players: modules that say what they need, and one classic script for each kind of player."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import rnnlab
from rnnlab.book.players import LandscapePlayer, MemoriesPlayer, ReadingPlayer
from rnnlab.live.page import HERE, Chooser, Player, bundle

PACKAGE = Path(rnnlab.__file__).parent
SCRIPTS = sorted(PACKAGE.rglob("*.js"))
SHARED = {"elements", "live", "network", "pictures", "words"}
KINDS = {
    Player: {"player", "diagram", "portrait", "tasks"} | SHARED,
    LandscapePlayer: {"landscape"} | SHARED,
    MemoriesPlayer: {"memories"} | SHARED,
    ReadingPlayer: {"reading"} | SHARED,
}


def title(path):
    """The first line of a script, by which it is known in a bundle."""
    return path.read_text("utf-8").splitlines()[0]


def held(script):
    """The names of the modules in a bundle, each as often as it is in it."""
    return sorted(path.stem for path in SCRIPTS for _ in range(script.count(title(path))))


def written(folder, **modules):
    """Modules by name as files; the last one is where the bundle begins."""
    for name, text in modules.items():
        path = folder / f"{name}.js"
        path.write_text(text, encoding="utf-8")
    return path


# ---- modules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_module_begins_with_what_it_is_for_and_needs(path):
    text = path.read_text("utf-8")
    assert text.startswith("/* ")
    assert "Need" in text[: text.index("*/")]
    assert [title(other) for other in SCRIPTS].count(title(path)) == 1


def test_a_module_imports_all_that_is_not_the_browsers(browser):
    lint = [Path(sys.executable).with_name("deno"), "lint", "--rules-include=no-undef", "--json"]
    run = subprocess.run(lint, check=False, cwd=PACKAGE.parent, capture_output=True, text=True)
    names = {found["message"].split()[0] for found in json.loads(run.stdout)["diagnostics"]}
    assert "document" in names
    page = browser.new_page()
    assert page.evaluate("names => names.filter(name => !(name in globalThis))", sorted(names)) == ["STYLE"]
    page.close()


@pytest.mark.parametrize("path", [*SCRIPTS, *sorted(PACKAGE.rglob("*.css"))], ids=lambda path: path.name)
def test_nothing_ends_the_element_that_holds_the_script(path):
    assert not re.search("</script|<!--", path.read_text("utf-8"), flags=re.IGNORECASE)


def test_the_method_has_no_scripts_of_the_book():
    assert all(path.parent == HERE for path in (Player._script, *Player._styles))
    assert not [path for path in HERE.glob("*.js") if "/book/" in path.read_text("utf-8")]


# ---- bundles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_player_carries_what_it_needs(kind):
    script = bundle(kind._script)
    assert held(script) == sorted(KINDS[kind])
    assert not re.search(r"^\s*(import|export)\b|\bimport\(", script, flags=re.MULTILINE)
    assert re.findall(r'customElements\.define\("([\w-]+)"', script) == [kind._tag]
    assert kind({}).html.count("<script>") == 1


def test_a_chooser_carries_each_kind_once():
    several = Chooser("kind", {"1": Player({}), "2": MemoriesPlayer({}), "3": Player({})})
    defined = re.findall(r'<script>customElements\.get\("([\w-]+)"\) \|\|', several.html)
    assert defined == ["rnnlab-player", "rnnlab-memories", "rnnlab-chooser"]
    assert held(bundle(HERE / "chooser.js")) == ["chooser", "elements"]


def test_modules_run_once_and_keep_their_names_apart(browser, tmp_path):
    entry = written(
        tmp_path,
        ran='export const ran = [];\nran.push("first");\n',
        one='import { ran } from "./ran.js";\n\nconst name = "one";\nran.push(name);\nexport class One {}\n',
        two='import { ran } from "./ran.js";\n\nconst name = "two";\nran.push(name);\nexport const two = 2;\n',
        entry='import { One } from "./one.js";\nimport {\n  ran,\n} from "./ran.js";\nimport { two } from "./two.js";\n'
        '\nconst name = "entry";\nran.push(name, typeof One, two, this === undefined);\nglobalThis.ran = ran;\n',
    )
    page = browser.new_page()
    page.evaluate(f"() => {{ (function () {{\n{bundle(entry)}}})(); }}")
    assert page.evaluate("ran") == ["first", "one", "two", "entry", "function", 2, True]
    page.close()


# ---- what is no bundle -----------------------------------------------------------------------------------------------


def test_a_missing_module_is_named(tmp_path):
    entry = written(tmp_path, entry='import { a } from "./lost.js";\n')
    with pytest.raises(FileNotFoundError, match=r"entry\.js needs .*lost\.js, which is missing"):
        bundle(entry)
    with pytest.raises(FileNotFoundError, match=r"a player needs .*none\.js, which is missing"):
        bundle(tmp_path / "none.js")


def test_a_circle_is_named(tmp_path):
    one = 'import { two } from "./two.js";\n\nexport const one = 1;\n'
    two = 'import { one } from "./one.js";\n\nexport const two = 2;\n'
    entry = written(tmp_path, one=one, two=two, entry='import { one } from "./one.js";\n')
    with pytest.raises(ValueError, match=r"in a circle: one\.js → two\.js → one\.js"):
        bundle(entry)


def test_only_what_is_exported_is_imported(tmp_path):
    one = "const hidden = 1;\nexport const seen = hidden;\n"
    entry = written(tmp_path, one=one, entry='import { hidden, seen } from "./one.js";\n')
    with pytest.raises(ValueError, match=r"entry\.js imports hidden, which one\.js does not export"):
        bundle(entry)


@pytest.mark.parametrize(
    "statement",
    [
        'import "./one.js";',
        'import one from "./one.js";',
        'import * as one from "./one.js";',
        'import { one as uno } from "./one.js";',
        'import { one } from "one";',
        'import { one } from "https://example.org/one.js";',
        "import { one } from './one.js';",
        'import { one } from "./one.js"',
        'const one = await import("./one.js");',
        "const here = import.meta.url;",
        "export default 1;",
        "export { one };",
        'export * from "./one.js";',
        "export let one = 1;",
        "export function one() {}",
        "export const { one } = {};",
    ],
)
def test_other_forms_are_refused(tmp_path, statement):
    entry = written(tmp_path, one="export const one = 1;\n", entry=f"/* A module. */\n\n{statement}\n")
    with pytest.raises(ValueError, match=re.escape(f"entry.js: {statement!r} is no form of import or export")):
        bundle(entry)
