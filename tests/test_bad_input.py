"""Bad input, as a user meets it: with the package's own checks, not those of the tests' type hook."""

import jaxtyping
import pytest
import torch

from rnnlab import GRU, LSTM, LowRankRNN, Network, extract, find_cycles, find_fixed_points, linearize, scan
from rnnlab.book.chapters.ch16_wells import hopfield
from rnnlab.book.claims import claim
from rnnlab.book.lstar import learn
from rnnlab.book.machines import tomita
from rnnlab.lowrank import LoadingDistribution
from rnnlab.tasks import Automaton, FlipFlop


@pytest.fixture(autouse=True)
def no_type_hook():
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


CELL = GRU(3, 4)
F = CELL.at(torch.zeros(3))
STATES = torch.zeros(2, 4)
NAN = torch.tensor([[0.0, 1, 2, 3], [0, torch.nan, 0, 0]])
INFINITE = torch.tensor([[0.0, 1, 2, torch.inf]])

X = {
    "a list": ([0, 0, 0], "x must be a torch.float32 tensor of shape .3., got a list"),
    "whole numbers": (torch.tensor([0, 0, 1]), "got torch.int64"),
    "float64": (torch.zeros(3).double(), "got torch.float64"),
    "too long": (torch.zeros(4), "of shape .4,."),
    "a batch": (torch.zeros(2, 3), "of shape .2, 3."),
    "not finite": (torch.tensor([0, 0, torch.inf]), "x must be finite"),
}


@pytest.mark.parametrize("x, message", X.values(), ids=X)
def test_constant_inputs(x, message):
    with pytest.raises(ValueError, match=message):
        CELL.at(x)


SEQUENCES = {
    "no batch": ((torch.zeros(5, 3),), "inputs must be a torch.float32 tensor of shape .batch, time, 3., got"),
    "too wide": ((torch.zeros(2, 5, 4),), "of shape .2, 5, 4."),
    "no time": ((torch.zeros(2, 0, 3),), "at least one time step"),
    "float64": ((torch.zeros(2, 5, 3).double(),), "got torch.float64"),
    "whole numbers": ((torch.zeros(2, 5, 3).long(),), "got torch.int64"),
    "h0 too long": ((torch.zeros(2, 5, 3), torch.zeros(2, 5)), "h0 must be a torch.float32 tensor of shape .2, 4."),
    "h0 in float64": ((torch.zeros(2, 5, 3), torch.zeros(2, 4).double()), "h0 must be .* got torch.float64"),
    "noise too short": ((torch.zeros(2, 5, 3), None, torch.zeros(2, 4, 4)), "noise must be .* of shape .2, 5, 4."),
}


@pytest.mark.parametrize("arguments, message", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("run", [lambda *a: scan(CELL, *a), Network.from_cell(CELL, 2)], ids=["scan", "network"])
def test_sequences(run, arguments, message):
    with pytest.raises(ValueError, match=message):
        run(*arguments)


def test_states_of_another_size():
    with pytest.raises(ValueError, match="h must be a 4-dimensional state, or a batch of them, got shape .5,."):
        F(torch.zeros(5))
    with pytest.raises(ValueError, match="h must be a 8-dimensional state"):
        LSTM(3, 8).at(torch.zeros(3))(torch.zeros(2, 4))


STARTS = {
    "a list": ([[0.0] * 4], "got list"),
    "none": (torch.zeros(0, 4), "of shape .0, 4."),
    "of size 0": (torch.zeros(2, 0), "of shape .2, 0."),
    "a single state": (torch.zeros(4), "of shape .4,."),
    "whole numbers": (torch.zeros(2, 4).long(), "torch.int64"),
    "NaN": (NAN, "1 of 2 .* are not finite"),
    "infinite": (INFINITE, "1 of 1 .* are not finite"),
    "of another size": (torch.zeros(2, 5), "of shape .2, 5.|must be .starts, 4.|got shape .3, 5."),
}
WORK = pytest.mark.parametrize("work", [find_fixed_points, linearize])


@WORK
@pytest.mark.parametrize("states, message", STARTS.values(), ids=STARTS)
def test_starts_and_states(work, states, message):
    with pytest.raises(ValueError, match=message):
        work(F, states)


MAPS = {
    "changes the shape": (lambda h: h[..., :2], "shape"),
    "changes the dtype": (lambda h: h.float(), "dtype"),
    "gives NaN": (lambda h: h * torch.nan, "not finite"),
    "takes float32 only": (lambda h: h @ torch.eye(4), "float64"),
}


@WORK
@pytest.mark.parametrize("f, message", MAPS.values(), ids=MAPS)
def test_maps(work, f, message):
    with pytest.raises((TypeError, ValueError), match=message):
        work(f, STATES)


PULSES = {
    "another number of bits": torch.ones(1, 3, 3).long(),
    "no batch": torch.ones(3, 2).long(),
    "no time": torch.ones(1, 0, 2).long(),
    "not whole": torch.ones(1, 3, 2),
    "too large": torch.full((1, 3, 2), 2),
}


@pytest.mark.parametrize("pulses", PULSES.values(), ids=PULSES)
def test_pulses(pulses):
    with pytest.raises(ValueError, match="pulses must be integers −1, 0 or 1 of shape"):
        FlipFlop(2).run(pulses)


@pytest.mark.parametrize(
    "arguments", [{"length": "long"}, {"bits": 2.0}, {"rates": (0.1, 0.2, 0.3)}, {"delay": 0.5}, {"width": 1.5}]
)
def test_task_arguments(arguments):
    with pytest.raises(ValueError, match=f"{next(iter(arguments))} must be"):
        FlipFlop(**arguments)


@pytest.mark.parametrize("length", [1.5, "long", None])
def test_lengths_of_words(length):
    with pytest.raises(ValueError, match="length must be an integer from 1"):
        Automaton(tomita(4), length)


@pytest.mark.parametrize("period", [0, -2, 1.5, 3.0, "3", None, True])
def test_periods(period):
    with pytest.raises(ValueError, match="period must be an integer from 1"):
        find_cycles(F, period, STATES)


@pytest.mark.parametrize("states, message", STARTS.values(), ids=STARTS)
def test_starts_of_cycles(states, message):
    with pytest.raises(ValueError, match=message):
        find_cycles(F, 2, states)


@pytest.mark.parametrize("f, message", MAPS.values(), ids=MAPS)
def test_maps_of_cycles(f, message):
    with pytest.raises((TypeError, ValueError), match=message):
        find_cycles(f, 2, STATES)


EXTRACTIONS = {
    "inputs that do not fit": (Network.from_cell(GRU(3, 4), 2), {}, "3 inputs and 2 outputs, the task 2 and 2"),
    "outputs that do not fit": (Network.from_cell(GRU(2, 4), 3), {}, "2 inputs and 3 outputs, the task 2 and 2"),
    "a start of another size": (None, {"start": torch.zeros(5)}, "start must be a finite state of 4 numbers, got"),
    "a batch of starts": (None, {"start": torch.zeros(1, 4)}, "start must be .* of 4 numbers, got shape .1, 4."),
    "a start that is not finite": (None, {"start": INFINITE[0]}, "start must be a finite state"),
    "no words": (None, {"words": 0}, "words and word_length must be at least 1, got 0 and 100"),
    "words of no length": (None, {"word_length": 0}, "words and word_length must be at least 1, got 200 and 0"),
}


@pytest.mark.parametrize("work", [extract, learn])
@pytest.mark.parametrize("network, arguments, message", EXTRACTIONS.values(), ids=EXTRACTIONS)
def test_extractions(work, network, arguments, message):
    with pytest.raises(ValueError, match=message):
        work(network or Network.from_cell(GRU(2, 4), 2), Automaton(tomita(4)), **arguments)


def test_a_verdict_is_never_passed_in():
    with pytest.raises(ValueError, match="pass at_least"):
        claim("E.x", "A sentence", paper="27", points=True)


LOADINGS = {
    "other units": ((torch.ones(4, 2), torch.ones(5, 2), torch.ones(4, 1)), "n must be finite, of shape .4 units"),
    "other ranks": ((torch.ones(4, 2), torch.ones(4, 1), torch.ones(4, 1)), "m and n must have one shape"),
    "a vector": ((torch.ones(4), torch.ones(4), torch.ones(4, 1)), "m must be finite, of shape .4 units"),
    "NaN": ((NAN.T, torch.ones(4, 2), torch.ones(4, 1)), "m must be finite"),
    "infinite": ((torch.ones(4, 1), INFINITE.T, torch.ones(4, 1)), "n must be finite"),
}


@pytest.mark.parametrize("loadings, message", LOADINGS.values(), ids=LOADINGS)
def test_loadings(loadings, message):
    with pytest.raises(ValueError, match=message):
        LowRankRNN.from_loadings(*loadings)


def test_statistics_of_other_sizes():
    parts = torch.ones(1).double(), torch.zeros(1, 6).double(), torch.eye(5).double()[None]
    with pytest.raises(ValueError, match="1 populations of 6 loadings, .* got .1,. and .1, 5, 5."):
        LoadingDistribution(*parts, rank=2, inputs=1, options={})


def test_patterns_that_are_no_table():
    with pytest.raises(ValueError, match="patterns must be −1 or .1, of shape .* got .10,."):
        hopfield(torch.ones(10))
