"""The automaton in a network: read out of its dynamics, against learnt from queries."""

import pytest

import rnnlab
from rnnlab.book import tasks, zoo
from rnnlab.book.lstar import learn


@pytest.mark.parametrize("name", ["modulo3-gru", "pattern0101-gru", "tomita4-gru"])
def test_extraction_against_learning(name, benchmark, compare):
    network = zoo.load(name)
    task = tasks.from_configuration(network.card["task"])
    words = {} if benchmark.enabled else {"words": 4, "word_length": 20}
    ours, (machine, about) = compare(
        lambda: rnnlab.extract(network, task, **words),
        lambda: learn(network, task, **words),
        claim=f"The automaton of {name}, tested on the same 200 words",
        note="",
        rounds=3,
    )
    asked = about["steps_learning"] + about["steps_eq_oracle"]
    ours_is, theirs_is = (
        "as" if found.distinguishing_word(task.machine) is None else "not as" for found in (ours.machine, machine)
    )
    benchmark.extra_info.update(
        updates={"extract": ours.updates, "learn": asked},
        note="Speed-up of extract over L* by AALpy, both in float64. Updates of the network's state: "
        f"{ours.updates:,}, in batches, against {asked:,}, one by one, of them {about['steps_learning']:,} in "
        f"{about['queries_learning']} queries that learn; the words of the test are in both. Found: "
        f"{len(ours.machine)} states, {ours_is} the task asks, and {len(machine)}, {theirs_is} it asks.",
    )
    assert ours.machine == machine
