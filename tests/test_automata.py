"""Automata against brute force over all short words, and what is none."""

import itertools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlab import DFA
from rnnlab.book.machines import TOMITA, modulo_counter, pattern_trap, random_machine, repetition_trap, tomita

SWITCH = {
    "states": ("off", "on"),
    "alphabet": ("press", "wait"),
    "transitions": {"off": {"press": "on", "wait": "off"}, "on": {"press": "off", "wait": "on"}},
    "start": "off",
}


def words(alphabet, longest):
    """All words of 1 to `longest` symbols, shorter ones first."""
    lengths = range(1, longest + 1)
    return itertools.chain.from_iterable(itertools.product(alphabet, repeat=length) for length in lengths)


def outputs(machine, word):
    return [machine.outputs[state] for state in machine.run(word)]


@st.composite
def machines(draw, alphabet="ab"):
    """The arguments of automata with up to 5 states in any order, of which some may be equivalent.

    Not the automata themselves: the type checker draws random numbers, which a strategy must not.
    """
    size = draw(st.integers(1, 5))
    table = draw(st.lists(st.lists(st.integers(0, size - 1), min_size=2, max_size=2), min_size=size, max_size=size))
    reached = [0]
    for state in reached:
        reached += [after for after in dict.fromkeys(table[state]) if after not in reached]
    states = draw(st.permutations(reached))
    transitions = {state: dict(zip(alphabet, table[state])) for state in states}
    return tuple(states), tuple(alphabet), transitions, 0, {state: draw(st.booleans()) for state in states}


def test_a_word_leads_from_state_to_state():
    switch = DFA(**SWITCH)
    assert switch.run(["press", "wait", "press"]) == ["on", "on", "off"] and switch.run([]) == []
    assert switch.outputs == {"off": "off", "on": "on"} and switch.answers == ("off", "on")
    assert len(switch) == 2 and str(switch) == "DFA of 2 states over 2 symbols"
    lamp = replace(switch, outputs={"off": "dark", "on": "dark"})
    assert lamp.answers == ("dark",)


def test_the_graph_has_an_edge_for_each_transition():
    machine = repetition_trap()
    edges = {(state, data["symbol"]): after for state, after, data in machine.graph.edges(data=True)}
    assert edges == {(q, a): machine.transitions[q][a] for q in machine.states for a in machine.alphabet}
    assert list(machine.graph.nodes) == list(machine.states)


def row(press="on", wait="off", **more):
    return {"press": press, "wait": wait} | more


BAD = {
    "no states": ({"states": ()}, "states must not be empty"),
    "no symbols": ({"alphabet": ()}, "alphabet must not be empty"),
    "a state twice": ({"states": ("off", "on", "on")}, "states must be distinct"),
    "a symbol twice": ({"alphabet": ("press", "press", "wait")}, "alphabet must be distinct"),
    "an unknown start": ({"start": "broken"}, "start must be one of the states .* got 'broken'"),
    "a state without transitions": ({"transitions": {"off": row()}}, "transitions lacks the states .'on'."),
    "a symbol without a next state": (
        {"transitions": {"off": row(), "on": {"press": "off"}}},
        "transitions.'on'. lacks the symbols .'wait'.",
    ),
    "transitions of an unknown state": (
        {"transitions": {"off": row(), "on": row(), "broken": row()}},
        "transitions has unknown states .'broken'.",
    ),
    "an unknown symbol": (
        {"transitions": {"off": row(), "on": row(kick="on")}},
        "transitions.'on'. has unknown symbols .'kick'.",
    ),
    "an unknown next state": (
        {"transitions": {"off": row(), "on": row(wait="broken")}},
        "δ.'on', 'wait'. is 'broken', which is not one of the states",
    ),
    "a set of next states": (
        {"transitions": {"off": row({"on", "off"}), "on": row()}},
        "δ.'off', 'press'. must be one state, .* not deterministic",
    ),
    "a list of next states": ({"transitions": {"off": row(["on"]), "on": row()}}, "must be one state, got .'on'."),
    "a state out of reach": ({"transitions": {"off": row("off"), "on": row()}}, "no word leads to the states .'on'."),
    "no output of a state": ({"outputs": {"off": 0}}, "outputs lacks the states .'on'."),
    "an output of an unknown state": ({"outputs": {"off": 0, "on": 1, "broken": 2}}, "outputs has unknown states"),
}


@pytest.mark.parametrize("wrong, message", BAD.values(), ids=BAD)
def test_what_is_no_automaton(wrong, message):
    with pytest.raises(ValueError, match=message):
        DFA(**SWITCH | wrong)


def test_foreign_symbols_are_no_words():
    with pytest.raises(ValueError, match="'2' is not a symbol of this automaton; there are .'0', '1'."):
        modulo_counter(3).run("012")


def test_the_machines_of_the_paper():
    counter, repetition, pattern = modulo_counter(3), repetition_trap(), pattern_trap()
    for word in map("".join, words("01", 8)):
        assert counter.run(word)[-1] == f"q{word.count('1') % 3}"
        assert (repetition.run(word)[-1] == "q3") == ("00" in word or "11" in word)
        assert (pattern.run(word)[-1] == "q4") == ("0101" in word)
    assert len(modulo_counter(7)) == 7


def no_odd_ones_before_odd_zeros(word):
    runs = [(symbol, len(list(run))) for symbol, run in itertools.groupby(word)]
    return not any(one == "1" and m % 2 and n % 2 for (one, m), (_, n) in zip(runs, runs[1:]))


LANGUAGES = {
    1: lambda word: set(word) <= {"1"},
    2: lambda word: re.fullmatch("(10)*", word),
    3: no_odd_ones_before_odd_zeros,
    4: lambda word: "000" not in word,
    5: lambda word: word.count("0") % 2 == 0 == word.count("1") % 2,
    6: lambda word: (word.count("0") - word.count("1")) % 3 == 0,
    7: lambda word: re.fullmatch("0*1*0*1*", word),
}


@pytest.mark.parametrize("number", TOMITA)
def test_tomitas_grammars(number):
    machine = tomita(number)
    for word in map("".join, words("01", 10)):
        assert outputs(machine, word)[-1] is bool(LANGUAGES[number](word)), word
    assert machine.outputs[machine.start] is bool(LANGUAGES[number](""))
    assert len(machine.minimal()) == len(machine)


def blown_up(machine, copies):
    """The same behaviour with `copies` of each state, among which the transitions wander; the start comes last."""
    states = [(state, i) for state in machine.states for i in range(copies)]
    transitions = {
        (state, i): {a: (machine.transitions[state][a], (i + 1 + j) % copies) for j, a in enumerate(machine.alphabet)}
        for state, i in states
    }
    named = {node: machine.outputs[node[0]] for node in states}
    return DFA(tuple(reversed(states)), machine.alphabet, transitions, (machine.start, 0), named)


@pytest.mark.parametrize("machine", [modulo_counter(3), pattern_trap(), tomita(4), tomita(5)])
def test_minimal_undoes_copies_of_states(machine):
    large = blown_up(machine, 3)
    assert len(large) == 3 * len(machine) and large.distinguishing_word(machine) is None
    small = large.minimal()
    assert small.states == tuple(range(len(machine))) and small.start == 0
    assert small == machine.minimal()
    assert all(outputs(small, word) == outputs(machine, word) for word in words("01", 7))


@settings(max_examples=150, deadline=None)
@given(machines())
def test_minimal_has_a_state_for_each_behaviour(arguments):
    machine = DFA(*arguments)
    small = machine.minimal()
    assert all(outputs(small, word) == outputs(machine, word) for word in words("ab", 6))
    assert small.outputs[small.start] == machine.outputs[machine.start]
    # Words shorter than the number of states tell any two states apart that differ at all.
    tests = [(), *words("ab", 4)]
    assert len(small) == len({tuple(output_from(machine, q, word) for word in tests) for q in machine.states})


def output_from(machine, state, word):
    for symbol in word:
        state = machine.transitions[state][symbol]
    return machine.outputs[state]


@settings(max_examples=150, deadline=None)
@given(machines(), machines())
def test_the_distinguishing_word_is_a_shortest_one(first, second):
    first, second = DFA(*first), DFA(*second)
    found = first.distinguishing_word(second)
    longest = len(first) + len(second)  # a shortest one is no longer
    different = (w for w in words("ab", longest) if outputs(first, w)[-1] != outputs(second, w)[-1])
    expected = next(different, None)
    assert (found is None) == (expected is None)
    if found is not None:
        assert len(found) == len(expected) and outputs(first, found)[-1] != outputs(second, found)[-1]


def test_machines_that_differ_at_the_start_alone_answer_alike():
    machine = tomita(1)
    asleep = DFA(
        ("s", *machine.states),
        machine.alphabet,
        {"s": machine.transitions["q0"], **machine.transitions},
        "s",
        {"s": False, **machine.outputs},
    )
    assert asleep.outputs["s"] != machine.outputs["q0"] and asleep.distinguishing_word(machine) is None


def test_equal_machines_are_not_told_apart():
    machine = pattern_trap()
    assert machine.distinguishing_word(machine) is None
    assert machine.distinguishing_word(tomita(4)) == ("0",)
    with pytest.raises(ValueError, match="different alphabets"):
        machine.distinguishing_word(random_machine(0, 3, 2))


@pytest.mark.parametrize("machine", [DFA(**SWITCH), modulo_counter(4), tomita(3), random_machine(1, 5, 3)])
def test_the_configuration_is_json_that_makes_the_machine_again(machine):
    assert DFA.from_configuration(json.loads(json.dumps(machine.configuration()))) == machine


@settings(max_examples=50, deadline=None)
@given(machines())
def test_aalpy_takes_a_machine_and_gives_it_back(arguments):
    machine = DFA(*arguments)
    other = machine.aalpy()
    again = DFA.from_aalpy(other)
    assert len(again) == len(machine) and again.alphabet == machine.alphabet
    for word in words("ab", 5):
        assert other.execute_sequence(other.initial_state, word) == outputs(machine, word) == outputs(again, word)


@pytest.mark.parametrize("states, symbols", [(2, 1), (3, 2), (8, 3)])
def test_random_machines_are_minimal_and_a_function_of_their_seed(states, symbols):
    machines = [random_machine(seed, states, symbols) for seed in range(5)]
    assert machines == [random_machine(seed, states, symbols) for seed in range(5)]
    assert all(len(machine.minimal()) == states and len(machine.alphabet) == symbols for machine in machines)
    if symbols > 1:
        assert any(machines[0].distinguishing_word(other) for other in machines[1:])


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: modulo_counter(1), "modulus must be at least 2, got 1"),
        (lambda: tomita(0), "numbered 1 to 7, got 0"),
        (lambda: tomita(8), "numbered 1 to 7, got 8"),
        (lambda: random_machine(0, 1, 2), "at least 2 states and 1 symbol, got 1 and 2"),
        (lambda: random_machine(0, 3, 0), "at least 2 states and 1 symbol, got 3 and 0"),
    ],
)
def test_machines_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()
