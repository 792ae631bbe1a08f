"""A finite automaton read back out of the dynamics of a trained network."""

import copy
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from rnnlab.automata import DFA
from rnnlab.network import Network
from rnnlab.tasks import WordTask

HOLD = 60  # steps for which a symbol is held before the first look at whether the states have settled
CHECKS = 6  # each after twice as many steps as the one before; a state that has not settled at the last is unsettled
LONGEST = 12  # period of a cycle that a held symbol may lead to
SETTLED = 1e-8  # largest change of a settled state's coordinates over one period
SAME = 1e-4  # limits closer than this are one
UNSETTLED = -1  # the limit of a state that a held symbol does not bring to rest
LONG_AFTER = 27_720  # a multiple of all periods up to LONGEST, and more steps than any machine here has regions


@dataclass(frozen=True)
class Extraction:
    """An automaton that answers as a network does, and how it was found: in `updates` of the state, in `seconds`.

    Attributes:
        machine, regions: the minimal automaton, and the one before minimising, its states 0, 1, … the regions.
        states (regions, state): float64; in each region the state to which a shortest word leads.
        limits: {symbol: (points, state)}; where holding the symbol leads: attracting fixed points, points of cycles.
        settled (regions, symbols): whether the network settles on one, the symbol held for 1,920 steps at most.
        forever (regions, symbols): whether it then answers as the automaton does.
        suffixes: the distinguishing suffixes, in the order in which they were needed.
    """

    machine: DFA
    regions: DFA
    states: Float[Tensor, "regions state"]
    limits: dict[Hashable, Float[Tensor, "points state"]]
    settled: Bool[Tensor, "regions symbols"]
    forever: Bool[Tensor, "regions symbols"]
    suffixes: tuple[tuple, ...]
    updates: int
    seconds: float

    def __str__(self):
        found = f"{len(self.regions)} regions, a machine of {len(self.machine)} states"
        found += f"; held indefinitely, {int(self.forever.sum())} of {self.forever.numel()} symbols are answered right"
        return f"{found}; {len(self.suffixes)} suffixes, {self.updates:,} updates, {self.seconds:.1f} s"

    __repr__ = __str__


def extract(
    network: Network,
    task: WordTask,
    *,
    start: Float[Tensor, " state"] | None = None,
    words: int = 200,
    word_length: int = 100,
    most_regions: int = 100,
    seed: int = 0,
) -> Extraction:
    """Read the automaton out of the network's dynamics; `task` says what symbols and outputs mean.

    The region of a state is named by what the network answers there, and by where the state would go if one symbol were
    held indefinitely: for each symbol, to which attracting fixed point, or to which point of an attracting cycle at the
    times at which the cycle begins anew. From `start` (zero by default) words lead to regions, breadth first; the
    successors of a region are those of the first state met in it. Then the network and this automaton read `words`
    random words of `word_length` symbols, half of them uniform, half drawn by the task. Where their answers differ,
    some region holds states with different futures: the word that tells them apart becomes a distinguishing suffix; the
    answer after it is henceforth a part of a region's name, and the walk begins anew, until all answers agree (Rivest
    & Schapire 1993). At last regions that mean the same are merged. A network has not been asked before the first
    symbol: a start to which no word returns gets the answer that makes the machine smallest.

    What it shows: `machine.distinguishing_word(task.machine)` compares two automata, exactly; the search does not look
    at `task.machine`. That the network follows `machine` is tested on the random words, not proved.

    Raises:
        ValueError: where the sizes of network and task differ, for a start that is no state, and for numbers below 1.
        RuntimeError: where more than `most_regions` are needed, as on a continuum of attractors.

    >>> network, task = rnnlab.Network.from_cell(rnnlab.VanillaRNN(1, 1), 1), rnnlab.tasks.FlipFlop(bits=1)
    >>> for weight, value in zip(network.parameters(), (4.0, 2.0, 0.0, 1.0, 0.0)):  # y = h′ = tanh(4 x + 2 h)
    ...     _ = torch.nn.init.constant_(weight, value)
    >>> print(rnnlab.extract(network, task).machine.distinguishing_word(task.machine))
    None
    """
    began = time.monotonic()
    probe = SymbolicProbe(network, task, start)
    symbols = sample_words(task, words, word_length, seed)
    told = probe.codes(probe.trajectory(probe.start.expand(words, -1), symbols))
    suffixes = []
    while True:
        states, successors = _walk(probe, suffixes, most_regions)
        path = torch.zeros(words, word_length + 1, dtype=torch.int64)
        for t in range(word_length):
            path[:, t + 1] = successors[path[:, t], symbols[:, t]]
        wrong = probe.codes(states)[path[:, 1:]] != told
        if not wrong.any():
            break
        first = torch.where(wrong.any(1), wrong.int().argmax(1), word_length)
        word, end = int(first.argmin()), int(first.min()) + 1
        suffixes.append(_distinguished(probe, states[path[word, : end + 1]], symbols[word, :end]))
    settled, forever = _held_indefinitely(probe, states, successors)
    rows = [dict(zip(task.symbols, row, strict=True)) for row in successors.tolist()]
    outputs = dict(enumerate(probe.answers(states)))
    regions = DFA(tuple(outputs), task.symbols, dict(enumerate(rows)), 0, outputs)
    return Extraction(
        machine=smallest(regions),
        regions=regions,
        states=states,
        limits=dict(zip(task.symbols, probe.limits, strict=True)),
        settled=settled,
        forever=forever,
        suffixes=tuple(tuple(task.symbols[a] for a in word) for word in suffixes),
        updates=probe.updates,
        seconds=time.monotonic() - began,
    )


class SymbolicProbe:
    """A network, in float64, that reads symbols by their numbers and counts the updates of its states."""

    def __init__(self, network, task, start):
        network.check_fit(task)
        self.network = copy.deepcopy(network).double().requires_grad_(False)
        self.task, self.updates, self.known, self.named = task, 0, {}, {}
        self.inputs = torch.stack([task.input(symbol) for symbol in task.symbols]).double()
        self.start = torch.zeros(network.cell.state_size) if start is None else start.detach()
        self.start = self.start.double()
        if self.start.shape != (network.cell.state_size,) or not torch.isfinite(self.start).all():
            raise ValueError(
                f"start must be a finite state of {network.cell.state_size} numbers, "
                f"got shape {tuple(self.start.shape)}"
            )
        self.limits = [self.start.new_empty(0, len(self.start)) for _ in task.symbols]

    def step(self, states, symbols):
        """The next states, after one symbol for all or one for each."""
        self.updates += len(states)
        return self.network.cell(self.inputs[symbols], states)

    def trajectory(self, states, words):
        """The states after each symbol of words (words, length)."""
        visited = []
        for symbols in words.T:
            states = self.step(states, symbols)
            visited.append(states)
        return torch.stack(visited, 1)

    def answers(self, states):
        """What the network answers at each of (states, state)."""
        return self.task.answers(self.network.outputs(states))

    def codes(self, states):
        """A number for each answer at states (…, state), the same for the same answer."""
        answers = self.answers(states.flatten(0, -2))
        codes = [self.known.setdefault(answer, len(self.known)) for answer in answers]
        return torch.tensor(codes).view(states.shape[:-1])

    def names(self, states):
        """(states, 1 + symbols): the code of the answer, and the limit under each symbol. Every walk asks for those of
        nearly the same states, so they are kept."""
        keys = [state.numpy().tobytes() for state in states]
        new = [i for i, key in enumerate(keys) if key not in self.named]
        if new:
            limits = [self.limit(states[new], symbol) for symbol in range(len(self.limits))]
            names = torch.stack([self.codes(states[new]), *limits], 1)
            self.named |= {keys[i]: name for i, name in zip(new, names, strict=True)}
        return torch.stack([self.named[key] for key in keys])

    def limit(self, states, symbol):
        """Where each state goes if a symbol is held: the number of a point in `limits[symbol]`.

        A state that runs into a cycle of period p has the point at which it is at the multiples of p.
        """
        limit = torch.full((len(states),), UNSETTLED)
        rows = torch.arange(len(states))
        held = 0
        for look in range(CHECKS):
            while held < HOLD * 2**look:
                states, held = self.step(states, symbol), held + 1
            round_ = [states]
            for _ in range(LONGEST):
                round_.append(self.step(round_[-1], symbol))
            back = torch.stack([(after - states).abs().amax(1) <= SETTLED for after in round_[1:]])
            settled, period = back.any(0), back.int().argmax(0) + 1
            at = torch.stack(round_)[-held % period, torch.arange(len(rows))]
            limit[rows[settled]] = self._number(at[settled], symbol)
            states, rows = states[~settled], rows[~settled]
            if not len(rows):
                break
        return limit

    def _number(self, points, symbol):
        """Indices of points in `limits[symbol]`, to which those that are new are added."""
        numbers = []
        for point in points:
            gaps = (self.limits[symbol] - point).norm(dim=1)
            if not len(gaps) or gaps.min() > SAME:
                self.limits[symbol] = torch.cat([self.limits[symbol], point[None]])
                numbers.append(len(gaps))
            else:
                numbers.append(int(gaps.argmin()))
        return torch.tensor(numbers, dtype=torch.int64)


def sample_words(task, count, length, seed):
    """Numbers of symbols (count, length): of half of the words uniform, of the others as the task draws them."""
    if min(count, length) < 1:
        raise ValueError(f"words and word_length must be at least 1, got {count} and {length}")
    generator = torch.Generator().manual_seed(seed)
    uniform = torch.randint(len(task.symbols), (count - count // 2, length), generator=generator)
    return torch.cat([uniform, task.words(count // 2, length, generator)])


def _walk(probe, suffixes, most_regions):
    """The regions that words reach, shorter ones first: a state of each (regions, state), and the regions' successors
    (regions, symbols)."""

    def observe(states):
        names = [probe.names(states)]
        for word in suffixes:
            after = probe.trajectory(states, word.expand(len(states), -1))[:, -1]
            names.append(probe.codes(after)[:, None])
        return [tuple(name) for name in torch.cat(names, 1).tolist()]

    states, successors = probe.start[None], []
    number = dict.fromkeys(observe(states), 0)
    while len(successors) < len(states):
        new = states[len(successors) :]
        symbols = torch.arange(len(probe.inputs)).repeat(len(new))
        after = probe.step(new.repeat_interleave(len(probe.inputs), 0), symbols)
        names = observe(after)
        for name, state in zip(names, after, strict=True):
            if name not in number:
                number[name] = len(number)
                states = torch.cat([states, state[None]])
        successors += torch.tensor([number[name] for name in names]).view(len(new), -1).tolist()
        if len(states) > most_regions:
            raise RuntimeError(
                f"more than {most_regions} regions: a continuum of attractors, or a network that is no finite automaton"
            )
    return states, torch.tensor(successors)


def _distinguished(probe, states, word):
    """A word after which the answers differ from two states that were taken for one.

    states (length + 1, state): those of the regions along `word`, of which the last has not the answer that the
    network gives after it. Between the first, which is the start, and the last, a region's state must have another
    future than the state that the symbol before it leads to.
    """
    for t, symbol in enumerate(word):
        states = torch.cat([probe.step(states[: t + 1], symbol), states[t + 1 :]])
    codes = probe.codes(states)
    return word[int((codes[1:] != codes[:-1]).int().argmax()) + 1 :]


def _held_indefinitely(probe, states, successors):
    """Whether the network settles when a symbol is held, and then answers as the automaton does, at each step of a
    cycle: Booleans (regions, symbols)."""
    settled, right = [], []
    said, *limits = probe.names(states).T  # which the last walk has asked for
    for symbol, (once, limit) in enumerate(zip(successors.T, limits, strict=True)):
        end, after, steps = torch.arange(len(states)), once, LONG_AFTER
        while steps:  # `after` is the automaton's map for 1, 2, 4, … steps
            end, after, steps = after[end] if steps % 2 else end, after[after], steps // 2
        points = torch.cat([probe.limits[symbol], probe.start[None]])  # the last stands for no limit
        agrees = limit != UNSETTLED
        settled.append(agrees)
        for _ in range(LONGEST * len(states)):  # no less than both periods have in common
            agrees = agrees & (probe.codes(points)[limit] == said[end])
            points, end = probe.step(points, symbol), once[end]
        right.append(agrees)
    return torch.stack(settled, 1), torch.stack(right, 1)


def smallest(machine):
    """The minimal automaton; a start to which no word returns gets the answer that makes it smallest."""
    if any(machine.start in row.values() for row in machine.transitions.values()):
        return machine.minimal()
    choices = [replace(machine, outputs={**machine.outputs, machine.start: answer}) for answer in machine.answers]
    return min((choice.minimal() for choice in choices), key=len)
