"""The page of notation against the chapters: one meaning a symbol and chapter, every symbol and every linked term."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "book/notation.md").read_text("utf-8")
CHAPTERS = {int(path.name[:2]): path for path in sorted(ROOT.glob("notebooks/*.py"))}

# What is no symbol: words, operators, relations, delimiters and spaces of TeX. Their arguments are looked at.
NAMED = re.compile(
    r"\\(?:text|mathrm|mathsf|operatorname|begin|end|label)\{[^}]*\}|\\math(?:cal|bb) *\{?[A-Z]\}?"
    r"|:label: *\S+|\bd[stu]\b"
)
OPERATORS = set(
    r"\hat \tilde \bar \dot \frac \tfrac \sqrt \binom \sum \int \lim \max \det \ln \cos \sin \tanh \cosh "
    r"\angle \nabla \partial \cdot \cdots \dots \times \odot \circ \mid \in \subset \to \mapsto \iff "
    r"\Longrightarrow \approx \sim \le \leq \ne \neq \ge \pm \mp \lVert \rVert \lvert \rvert \langle \rangle "
    r"\left \right \big \bigl \bigr \Big \Bigl \Bigr \quad \qquad \infty \pi \parallel \perp \top".split()
)  # fmt: skip
INDICES = set("ijkl") | {"e"}  # and Euler's number


def prose(path):
    """The Markdown of a chapter, and what else is written in comments."""
    lines = path.read_text("utf-8").split("\n")
    return "\n".join(re.sub(r"^#[| ]?\s?", "", line) for line in lines if line.startswith("#") or not line)


def displayed(text):
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|```\{math\}(.+?)```", text, re.DOTALL)]


def inline(text):
    return re.findall(r"(?<!\$)\$([^$]+?)\$(?!\$)", re.sub(r"\$\$.+?\$\$", "", text, flags=re.DOTALL))


def without_scripts(tex):
    """An equation without upper and lower indices: these count, or name, what is on the line."""
    previous = None
    while tex != previous:  # from the innermost braces outwards
        previous, tex = tex, re.sub(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|[^\\{\s])", " ", tex)
        tex = re.sub(r"(?<![_^A-Za-z\s}])\{([^{}]*)\}|(?<=[A-Za-z}])\{([^{}]*)\}", r" \1\2 ", tex)
    return tex


def letters(tex):
    """The Latin and Greek letters of an equation: {"h", r"\\lambda"}."""
    found = re.findall(r"\\[A-Za-z]+|[A-Za-z]", without_scripts(NAMED.sub(" ", tex)))
    return {symbol for symbol in found if symbol not in OPERATORS}


def table(heading):
    """Rows (symbol, meaning, chapters) of the table below a heading; a row of several symbols gives several."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in part.split("\n") if line.startswith("| $")]
    for symbols, meaning, chapters in cells:
        for symbol in symbols.strip("$").split(", "):
            yield symbol, meaning, [int(number) for number in re.findall(r"\[(\d+)\]", chapters)]


THROUGHOUT, LOCAL = list(table("Symbols")), list(table("Symbols of single chapters"))
TERMS = re.findall(r"^(\w.*)\n  \w", PAGE.split("```{glossary}")[1].split("```")[0], flags=re.MULTILINE)


def test_the_parser_sees_letters_and_no_operators():
    sums = r":label: eq-x \hat h_{t+1} = \tfrac{1}{N} \sum_{k=1}^{R} m_k n_k^{\mathsf T} \bigl(x^{(i)}\bigr)"
    assert letters(sums) == {"h", "N", "m", "n", "x"}
    norms = r"\lVert DF(h^*)\, y \rVert^2 / \sqrt{\langle \kappa^{2 e_{j}} \rangle} \sim \mathcal N(0, I)\, dt"
    assert letters(norms) == {"D", "F", "h", "y", r"\kappa", "I"}


def test_a_symbol_has_one_meaning_throughout_the_book():
    symbols = [symbol for symbol, *_ in THROUGHOUT]
    assert len(symbols) > 30 and sorted({s for s in symbols if symbols.count(s) > 1}) == []


def test_a_symbol_has_one_meaning_in_a_chapter():
    pairs = [(symbol, number) for symbol, _, numbers in LOCAL for number in numbers]
    assert pairs and sorted({pair for pair in pairs if pairs.count(pair) > 1}) == []


@pytest.mark.parametrize("number", CHAPTERS)
def test_every_symbol_of_an_equation_is_on_the_page(number):
    here = [symbol for symbol, *_ in THROUGHOUT] + [symbol for symbol, _, numbers in LOCAL if number in numbers]
    known = INDICES.union(*map(letters, here))
    unknown = {s: tex.strip() for tex in displayed(prose(CHAPTERS[number])) for s in letters(tex) - known}
    assert unknown == {}


def test_the_page_lists_no_meaning_that_is_gone():
    used = {number: set() for number in CHAPTERS}
    for number, path in CHAPTERS.items():
        used[number] = set().union(*map(letters, displayed(prose(path)) + inline(prose(path))))
    gone = [(s, number) for s, _, numbers in LOCAL for number in numbers if not letters(s) <= used[number]]
    assert gone == []


def test_every_link_to_a_term_finds_it():
    assert len(TERMS) == len(set(TERMS)) > 40
    known = {term.lower() for term in TERMS}
    pages = [*CHAPTERS.values(), *ROOT.glob("book/*.md")]
    links = [(path.name, link) for path in pages for link in re.findall(r"\{term\}`([^`]+)`", path.read_text("utf-8"))]
    targets = [(name, re.sub(r"^.*<(.*)>$", r"\1", " ".join(link.split())).lower()) for name, link in links]
    assert [pair for pair in targets if pair[1] not in known] == []


def test_every_chapter_of_the_page_has_its_link():
    used = {int(number) for number in re.findall(r"\[(\d+)\](?!:)", PAGE)}
    links = {int(number): page for number, page in re.findall(r"^\[(\d+)\]: \.\./(\S+)\.ipynb$", PAGE, re.MULTILINE)}
    assert used <= set(links)
    assert {number: ROOT / f"{page}.py" for number, page in links.items()} == CHAPTERS
