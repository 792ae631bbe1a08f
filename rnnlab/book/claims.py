"""What was shown: claims with their criterion, the paper's value, ours, and a computed verdict.

A claim is recorded where it is computed. `claim` displays it, and the displayed bundle carries the same
content as JSON under `MIME`, so that an executed notebook *is* the record: the scorecard and the tests
read the claims out of it.
"""

import html
import math
from dataclasses import asdict, dataclass
from numbers import Real

MIME = "application/vnd.rnnlab.claim+json"


@dataclass(frozen=True)
class Check:
    """One computed number held against a bound. `value` and `bound` are numbers or their text."""

    value: object
    relation: str
    bound: object
    holds: bool

    def __str__(self):
        criterion = f"{self.relation} {_text(self.bound)}"
        return f"{_text(self.value)} {criterion if self.holds else f'(fails {criterion})'}"


def at_least(value: Real, bound: Real) -> Check:
    """value ≥ bound. NaN fails."""
    return Check(_plain(value), "≥", _plain(bound), bool(value >= bound))


def at_most(value: Real, bound: Real) -> Check:
    """value ≤ bound. NaN fails."""
    return Check(_plain(value), "≤", _plain(bound), bool(value <= bound))


def equals(value, expected) -> Check:
    """value = expected, for counts, sets of counts and names."""
    return Check(_plain(value), "=", _plain(expected), bool(value == expected))


def shown(what: str) -> Check:
    """A row whose criterion is that something is drawn or given: `what` says where it stands."""
    return Check(what, "is", "shown", True)


@dataclass(frozen=True)
class Claim:
    """A claim: `id`, the sentence, the paper's value, and the checks that decide it."""

    id: str
    sentence: str
    paper: str
    checks: dict[str, Check]
    note: str = ""

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks.values())

    @property
    def verdict(self) -> str:
        return "reproduced" if self.holds else "not reproduced"

    def __str__(self):
        return f"{self.id}: {self.verdict}. " + "; ".join(f"{name}: {check}" for name, check in self.checks.items())

    def record(self) -> dict:
        """The claim as plain JSON: the fields above, and its verdict."""
        return {**asdict(self), "holds": self.holds, "verdict": self.verdict}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {MIME: self.record(), "text/html": self._html(), "text/plain": str(self)}

    def _html(self):
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{html.escape(_text(c.value))}</td>"
            f"<td>{html.escape(f'{c.relation} {_text(c.bound)}')}</td><td>{'✓' if c.holds else '✗'}</td></tr>"
            for name, c in self.checks.items()
        )
        note = f"<p>{html.escape(self.note)}</p>" if self.note else ""
        kind = "holds" if self.holds else "fails"
        return (
            f'<div class="rnnlab-claim rnnlab-claim-{kind}" id="claim-{html.escape(self.id)}">'
            f"<p><strong>{html.escape(self.id)}</strong> {html.escape(self.sentence)} "
            f"<strong>{'✓' if self.holds else '✗'} {self.verdict}</strong></p>"
            f"<table><thead><tr><th>measured</th><th>ours</th><th>criterion</th><th>holds</th></tr></thead>"
            f"<tbody>{rows}</tbody></table><p>Paper: {html.escape(self.paper)}</p>{note}</div>"
        )


def claim(id: str, sentence: str, *, paper: str, note: str = "", **checks: Check) -> None:
    """Record a claim by displaying it.

    The verdict is "reproduced" when every check holds; it is never passed in.

    Args:
        checks: named results of `at_least`, `at_most`, `equals` or `shown`; an underscore in a name shows as a blank.

    Raises:
        ValueError: for a claim without id, sentence or checks.
    """
    if not (id and sentence and checks):
        raise ValueError(
            f"a claim needs an id, a sentence and at least one check; got id={id!r}, checks={list(checks)}"
        )
    for name, check in checks.items():
        if not isinstance(check, Check):
            raise ValueError(
                f"check {name!r} of claim {id} is {check!r}: pass at_least(…), at_most(…), equals(…) or shown(…)"
            )
    from IPython.display import display

    display(Claim(id, sentence, paper, {name.replace("_", " "): check for name, check in checks.items()}, note))


def _plain(value):
    """Numbers as Python numbers, mappings with text keys, everything else as text: what JSON can carry."""
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "item"):
        return _plain(value.item())
    return str(value)


def _text(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return " / ".join(f"{key}: {item}" for key, item in value.items())
    return str(value)
