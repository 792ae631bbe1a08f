"""Deterministic finite automata with an output at each state, and some that networks are trained on.

Definition (*Explaining RNN computations through hidden state dynamics*, Definition 2): states Q, an alphabet Σ, a
transition function δ: Q × Σ → Q and a start q₀. With an output at each state it is a Moore machine; where the outputs
are True and False, it accepts a language. Minimising and comparing are AALpy's.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnlab._extras import needed_by

if TYPE_CHECKING:  # both libraries are slow to load, and only some functions need them
    import networkx
    from aalpy.automata import MooreMachine

Word = Iterable[Hashable]


@dataclass(frozen=True)
class DFA:
    """A deterministic finite automaton (Q, Σ, δ, q₀) with outputs.

    Attributes:
        states: Q, distinct, all of which can be reached; `start` is q₀.
        alphabet: Σ, distinct symbols, at least one ("01" is two).
        transitions: δ as {state: {symbol: next state}}, with one next state for every state and symbol.
        outputs: {state: output}; by default each state is its own output.

    Raises:
        ValueError: naming the state or symbol, where δ is partial, has more than one next state, has unknown states or
            symbols, or leaves states that no word reaches; for an empty alphabet; for outputs that are missing.
    """

    states: Sequence[Hashable]
    alphabet: Sequence[Hashable]
    transitions: Mapping
    start: Hashable
    outputs: Mapping | None = None

    def __post_init__(self):
        for name in ("states", "alphabet"):
            values = tuple(getattr(self, name))
            if not values:
                raise ValueError(f"{name} must not be empty")
            if len(set(values)) < len(values):
                raise ValueError(f"{name} must be distinct, got {values}")
            object.__setattr__(self, name, values)
        if self.start not in self.states:
            raise ValueError(f"start must be one of the states {self.states}, got {self.start!r}")
        self._only_known("transitions", self.transitions, self.states, "states")
        for state, row in self.transitions.items():
            self._only_known(f"transitions[{state!r}]", row, self.alphabet, "symbols")
            for symbol, after in row.items():
                if isinstance(after, (set, frozenset, list)) and after not in self.states:
                    raise ValueError(
                        f"δ({state!r}, {symbol!r}) must be one state, got {after!r}: the automaton is not deterministic"
                    )
                if after not in self.states:
                    raise ValueError(f"δ({state!r}, {symbol!r}) is {after!r}, which is not one of the states")
        outputs = {state: state for state in self.states} if self.outputs is None else dict(self.outputs)
        self._only_known("outputs", outputs, self.states, "states")
        object.__setattr__(self, "outputs", outputs)
        reached = [self.start]
        for state in reached:
            reached += [after for after in dict.fromkeys(self.transitions[state].values()) if after not in reached]
        if unreachable := [state for state in self.states if state not in reached]:
            raise ValueError(f"no word leads to the states {unreachable}")

    @staticmethod
    def _only_known(name, mapping, expected, kind):
        """Raise ValueError unless the keys of `mapping` are exactly the `expected` ones."""
        if unknown := [key for key in mapping if key not in expected]:
            raise ValueError(f"{name} has unknown {kind} {unknown}; there are {expected}")
        if missing := [key for key in expected if key not in mapping]:
            raise ValueError(f"{name} lacks the {kind} {missing}")

    def __len__(self):
        return len(self.states)

    def __str__(self):
        return f"DFA of {len(self)} states over {len(self.alphabet)} symbols"

    @property
    def answers(self) -> tuple:
        """The distinct outputs, in the order of the states."""
        return tuple(dict.fromkeys(self.outputs[state] for state in self.states))

    @property
    def graph(self) -> "networkx.MultiDiGraph":
        """States as nodes, and an edge with its `symbol` for each transition."""
        with needed_by("DFA.graph", extra="automata"):
            import networkx as nx

        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.states)
        for state, row in self.transitions.items():
            graph.add_edges_from((state, after, {"symbol": symbol}) for symbol, after in row.items())
        return graph

    def run(self, word: Word) -> list:
        """The states after each symbol of a word, q₀ not among them; ValueError for a foreign symbol."""
        state, visited = self.start, []
        for symbol in word:
            if symbol not in self.alphabet:
                raise ValueError(f"{symbol!r} is not a symbol of this automaton; there are {self.alphabet}")
            state = self.transitions[state][symbol]
            visited.append(state)
        return visited

    def minimal(self) -> "DFA":
        """The smallest automaton with the same output after every word; unique, with states 0, 1, … in the order in
        which words reach them, shorter ones first.
        """
        machine = DFA.from_aalpy(self.aalpy()).aalpy()  # with the start first: AALpy may remove it otherwise
        machine.minimize()
        return DFA.from_aalpy(machine)

    def distinguishing_word(self, other: "DFA") -> tuple | None:
        """A shortest word of one symbol or more after which the outputs differ, or None: then they never do.

        The exact test: a breadth-first walk through the pairs of states that one word reaches in both. The output of
        q₀ before the first symbol, which `run` does not give either, is not compared.

        Raises:
            ValueError: for different alphabets.
        """
        if set(self.alphabet) != set(other.alphabet):
            raise ValueError(f"the automata have different alphabets, {self.alphabet} and {other.alphabet}")
        with needed_by("DFA.distinguishing_word", extra="automata"):
            from aalpy.automata import MooreState
            from aalpy.utils.ModelChecking import bisimilar

        machines = [automaton.aalpy() for automaton in (self, other)]
        for machine in machines:
            outside = MooreState("outside")
            outside.transitions = machine.initial_state.transitions
            machine.initial_state = outside
        word = bisimilar(*machines, return_cex=True)
        return word if isinstance(word, tuple) else None

    def aalpy(self) -> "MooreMachine":
        """The same machine as an object of AALpy."""
        with needed_by("DFA.aalpy", extra="automata"):
            from aalpy.automata import MooreMachine, MooreState

        nodes = {state: MooreState(i, self.outputs[state]) for i, state in enumerate(self.states)}
        for state, row in self.transitions.items():
            nodes[state].transitions = {symbol: nodes[row[symbol]] for symbol in self.alphabet}
        return MooreMachine(nodes[self.start], list(nodes.values()))

    @classmethod
    def from_aalpy(cls, machine: "MooreMachine") -> "DFA":
        """A Moore machine of AALpy, its states numbered as words reach them."""
        order = [machine.initial_state]
        for node in order:
            order += [after for after in dict.fromkeys(node.transitions.values()) if after not in order]
        transitions = {
            i: {symbol: order.index(after) for symbol, after in node.transitions.items()}
            for i, node in enumerate(order)
        }
        outputs = {i: node.output for i, node in enumerate(order)}
        return cls(tuple(transitions), tuple(order[0].transitions), transitions, 0, outputs)

    def configuration(self) -> dict:
        """Plain JSON that `from_configuration` reads: δ and outputs as lists in the order of states and alphabet."""
        return {
            "states": list(self.states),
            "alphabet": list(self.alphabet),
            "next": [[self.transitions[state][symbol] for symbol in self.alphabet] for state in self.states],
            "start": self.start,
            "outputs": [self.outputs[state] for state in self.states],
        }

    @classmethod
    def from_configuration(cls, about: Mapping) -> "DFA":
        """The automaton that `configuration` described."""
        transitions = {
            state: dict(zip(about["alphabet"], row, strict=True))
            for state, row in zip(about["states"], about["next"], strict=True)
        }
        outputs = dict(zip(about["states"], about["outputs"], strict=True))
        return cls(tuple(about["states"]), tuple(about["alphabet"]), transitions, about["start"], outputs)
