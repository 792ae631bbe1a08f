"""A finite automaton learnt from a trained network as a black box, to compare with `rnnlab.extraction`."""

from aalpy.base import SUL, Oracle
from aalpy.learning_algs import run_Lstar
from jaxtyping import Float
from torch import Tensor

from rnnlab.automata import DFA
from rnnlab.extraction import SymbolicProbe, sample_words, smallest
from rnnlab.network import Network
from rnnlab.tasks import WordTask


def learn(
    network: Network,
    task: WordTask,
    *,
    start: Float[Tensor, " state"] | None = None,
    words: int = 200,
    word_length: int = 100,
    seed: int = 0,
) -> tuple[DFA, dict]:
    """Learn the automaton by asking the network as a black box: Angluin's L*, by AALpy.

    Membership queries are words, read from `start` (zero by default). A hypothesis is accepted that answers as the
    network does on the words with which `extract` tests. Arguments and errors are those of `extract`.

    Returns:
        The automaton, its start treated as `extract` does, and AALpy's account: "queries_learning", "steps_learning",
        "queries_eq_oracle", "steps_eq_oracle", "total_time" in seconds, and others.
    """
    probe = SymbolicProbe(network, task, start)
    box = _BlackBox(probe)
    numbers = list(range(len(task.symbols)))
    oracle = _Words(numbers, box, sample_words(task, words, word_length, seed))
    how = dict(return_data=True, print_level=0, cache_and_non_det_check=False)
    machine, about = run_Lstar(numbers, box, oracle, automaton_type="moore", **how)
    for state in machine.states:
        state.transitions = {task.symbols[a]: after for a, after in state.transitions.items()}
    return smallest(DFA.from_aalpy(machine)), about


class _BlackBox(SUL):
    """The network as AALpy asks it: symbol by symbol, from the start; no symbol asks for the answer at the start."""

    def __init__(self, probe):
        super().__init__()
        self.probe, self.state = probe, probe.start[None]

    def pre(self):
        self.state = self.probe.start[None]

    def post(self):
        pass

    def step(self, letter):
        if letter is not None:
            self.state = self.probe.step(self.state, letter)
        return self.probe.answers(self.state)[0]


class _Words(Oracle):
    """Finds where a hypothesis and the network answer differently on given words (words, length)."""

    def __init__(self, alphabet, box, words):
        super().__init__(alphabet, box)
        self.words = words

    def find_cex(self, hypothesis):
        for word in self.words.tolist():
            self.reset_hyp_and_sul(hypothesis)
            for length, letter in enumerate(word, 1):
                self.num_steps += 1
                if hypothesis.step(letter) != self.sul.step(letter):
                    return tuple(word[:length])
        return None
