"""What a word does to the effect of the words after it: modifiers, and where in the state they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab.book.language.baselines import BagOfWords
from rnnlab.book.language.classifier import TextClassifier
from rnnlab.dynamics.linearize import Modes, linearize

WAIT = 30  # tokens of nothing after which the logit is read: what is kept only for a while has gone
STATE_ENTRIES = 2**20  # numbers of states worked on at once


@dataclass(frozen=True)
class OperatingPoint:
    """A state of a two-class network that rests, undecided: where words are tried, and what the map does near it.

    state (state,): nothing comes in, and the logit is next to 0. modes: of F(h) = F(h, 0) there, at one point.
    slow: the index in `modes` of the mode that integrates, whose eigenvalue is next to 1.
    right, left (state,): this mode, r₁ of norm 1 towards positive logits, and ℓ₁ with ℓ₁ · r₁ = 1.
    slope: by how much the logit grows along r₁. So a displacement d adds slope · (ℓ₁ · d) to the logit that lasts.
    """

    state: Float[Tensor, " state"]
    modes: Modes
    slow: int
    right: Float[Tensor, " state"]
    left: Float[Tensor, " state"]
    slope: float

    def lasting(self, displacements: Float[Tensor, "*batch state"]) -> Float[Tensor, " *batch"]:
        """What of each displacement stays in the logit, to first order."""
        return self.slope * (displacements @ self.left)

    def off_line(self, displacements: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch state"]:
        """The displacements without their part along the mode that integrates, d − r₁ (ℓ₁ · d)."""
        return displacements - (displacements @ self.left)[..., None] * self.right


def find_neutral_state(classifier: TextClassifier, states: Float[Tensor, "states state"]) -> OperatingPoint:
    """The undecided state among visited `states` after 30 tokens of nothing. In the classifier's dtype."""
    with torch.no_grad():
        settled = settle(classifier, states)
        h = settled[classifier.network.outputs(settled)[:, 0].abs().argmin()]
        modes = linearize(classifier.cell.at(torch.zeros(classifier.cell.input_size)), h[None])
        slow, r, left = (part[0] for part in modes.integrating())
        r, left = r.to(h), left.to(h)
        slope = float(classifier.network.outputs(h + r) - classifier.network.outputs(h))
    sign = 1 if slope > 0 else -1
    return OperatingPoint(h, modes, int(slow), sign * r, sign * left, sign * slope)


def settle(classifier: TextClassifier, h: Float[Tensor, "*batch state"], steps: int = WAIT) -> Tensor:
    """The states h after `steps` tokens of nothing. No gradient."""
    with torch.no_grad():
        x = classifier.cell.project(h.new_zeros(classifier.cell.input_size))
        for _ in range(steps):
            h = classifier.cell.step(x, h)
    return h


def after(classifier: TextClassifier, h: Float[Tensor, "*batch state"], words: Sequence[str]) -> Tensor:
    """The states h after some words. No gradient. Raises ValueError for words that the classifier does not know."""
    if unknown := [word for word in words if word not in classifier.vocabulary]:
        raise ValueError(f"words must be in the classifier's vocabulary, which lacks {', '.join(unknown)}")
    with torch.no_grad():
        for x in classifier.embed(classifier.vocabulary.encode(words)):
            h = classifier.cell(x, h)
    return h


def logit_effects(
    classifier: TextClassifier, h: Float[Tensor, "contexts state"], tokens: Int[Tensor, " words"]
) -> Float[Tensor, "contexts words"]:
    """What each word does to the logit when it is read in each state h, against nothing being read there.

    y(F₀ʷ(F(h, x))) − y(F₀ʷ(F(h, 0))), with w = 30 tokens of nothing in between. What the words before have done, and
    what of it is still on its way, is in both terms and drops out. No gradient.
    """
    with torch.no_grad():
        inputs = torch.cat([classifier.embeddings.new_zeros(1, classifier.cell.input_size), classifier.embed(tokens)])
        logits = classifier.network.outputs(settle(classifier, classifier.cell(inputs, h[:, None])))[..., 0]
    return logits[:, 1:] - logits[:, :1]


def valenced_words(
    classifier: TextClassifier, bag: BagOfWords, rest: OperatingPoint, count: int = 100
) -> tuple[Int[Tensor, " words"], Float[Tensor, " words"]]:
    """The `count` most positive and the `count` most negative words of a bag whose effect at rest has the same sign.

    Their numbers, and 1 or −1 for each. Raises ValueError where the bag's first 10 · `count` hold too few.
    """
    chosen = []
    for side, sign in (("positive", 1), ("negative", -1)):
        tokens = bag.extreme_words(10 * count)[side]
        agreed = tokens[sign * logit_effects(classifier, rest.state[None], tokens)[0] > 0]
        if len(agreed) < count:
            raise ValueError(f"{count} {side} words are asked for; bag and network agree on {len(agreed)}")
        chosen.append(agreed[:count])
    return torch.cat(chosen), torch.ones(2 * count).index_fill(0, torch.arange(count, 2 * count), -1)


def modifier_gain(
    effects: Float[Tensor, "*contexts words"], without: Float[Tensor, " words"], signs: Float[Tensor, " words"]
) -> Float[Tensor, " *contexts"]:
    """The mean effect of valenced words in each context, in units of that without it: Σ s e / Σ s e₀."""
    return effects @ signs / (without @ signs)


def search(
    classifier: TextClassifier, rest: OperatingPoint, tokens: Int[Tensor, " words"], signs: Float[Tensor, " words"]
) -> tuple[Float[Tensor, " vocabulary"], Float[Tensor, " vocabulary"]]:
    """How every word of the vocabulary changes the valenced words `tokens` that come next: (gains, own effects).

    To first order in what lasts: the effect of x in the state h is slope ℓ₁ · (F(h, x) − F(h, 0)), the gain of a
    modifier the ratio of the mean effects after it and after nothing. Number 0 stands for nothing: gain 1, effect 0.
    """
    cell, everything = classifier.cell, torch.arange(len(classifier.vocabulary))
    with torch.no_grad():
        states = cell(classifier.embed(everything), rest.state)
        inputs = cell.project(
            torch.cat([classifier.embed(tokens), classifier.embeddings.new_zeros(1, cell.input_size)])
        )
        weights = torch.cat([signs, -signs.sum()[None]]) / len(signs)
        size = max(1, STATE_ENTRIES // (len(inputs) * cell.state_size))
        means = [rest.lasting(cell.step(inputs, h[:, None])) @ weights for h in states.split(size)]
    mean = torch.cat(means)
    return mean / mean[0], rest.lasting(states - states[0])


def modifier_axes(
    classifier: TextClassifier, rest: OperatingPoint, modifiers: Int[Tensor, " modifiers"]
) -> tuple[Float[Tensor, "axes state"], Float[Tensor, " axes"]]:
    """Orthonormal axes of what modifiers do off the line at rest, and the share of the squares along each, falling.

    The displacements are d = F(h, x) − F(h, 0) without their lasting part, each divided by its norm; the axes are
    their principal ones about 0. So ℓ₁ · axis = 0: a step along an axis adds nothing to the logit that lasts.
    """
    with torch.no_grad():
        states = classifier.cell(classifier.embed(torch.cat([torch.zeros(1).long(), modifiers])), rest.state)
    d = rest.off_line(states[1:] - states[0])
    _, s, axes = torch.linalg.svd(d / d.norm(dim=1, keepdim=True), full_matrices=False)
    return axes, s**2 / (s**2).sum()


def predicted_gains(
    classifier: TextClassifier,
    rest: OperatingPoint,
    displacement: Float[Tensor, " state"],
    tokens: Int[Tensor, " words"],
    signs: Float[Tensor, " words"],
    steps: int,
) -> tuple[Float[Tensor, " steps"], Float[Tensor, " modes"]]:
    """The gain k = 0 … `steps` − 1 tokens after a small displacement from rest, by modes, and each mode's share.

    With E(h) the mean lasting effect of the valenced words, slope · ℓ₁ · ⟨s (F(h, x) − F(h, 0))⟩, the gain is
    1 + Σ_j (∇E · r_j)(ℓ_j · d) λ_jᵏ / E. Each term at k = 0 is a mode's share of the change; they add up to it.
    float64.
    """
    cell = classifier.cell
    inputs = classifier.embed(torch.cat([tokens, torch.zeros(1).long()])).detach()
    weights = torch.cat([signs, -signs.sum()[None]]) / len(signs)
    h = rest.state.clone().requires_grad_()
    with torch.enable_grad():
        E = rest.lasting(cell(inputs, h)) @ weights
        (slope,) = torch.autograd.grad(E, h)
    λ, right, left = (t[0] for t in (rest.modes.eigenvalues, rest.modes.right, rest.modes.left))
    shares = (slope.to(right) @ right) * (left @ displacement.to(left)) / E.detach().double()
    powers = λ[None] ** torch.arange(steps)[:, None]
    return 1 + (powers * shares).sum(1).real, shares.real
