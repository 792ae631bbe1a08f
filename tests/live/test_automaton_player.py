"""Automata in the live player: words by keyboard and buttons, the machine's diagram, and what is asked."""

import dataclasses
import itertools
import re

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import rnnlab
from rnnlab import automata, geometry, live
from rnnlab.book import machines, zoo
from rnnlab.book.tasks import from_configuration
from rnnlab.cells import GRU
from rnnlab.network import Network
from rnnlab.tasks import Automaton, FlipFlop


@pytest.fixture
def player(counter):
    given, cycles = counter
    return live.player(*given, cycles=cycles, title="A counter", caption="Ones, modulo 3.")


def paused(page):
    page.get_by_role("button", name="Pause").click()
    return page.locator("rnnlab-player")


def random_network(task, units=16):
    """A network that was never trained, as the first arguments of `player`, with a portrait under one symbol."""
    network = Network.from_cell(GRU(task.input_size, units), task.output_size)
    with torch.no_grad():
        for i, weights in enumerate(network.parameters()):
            weights.normal_(0, 0.8, generator=torch.Generator().manual_seed(i))
    symbol = (0,) * task.bits if isinstance(task, FlipFlop) else task.machine.alphabet[0]
    states = torch.randn(32, units, generator=torch.Generator().manual_seed(0)).tanh()
    points = rnnlab.find_fixed_points(network.cell.at(task.input(symbol)), states)
    return network, task, geometry.pca(states, 2), {symbol: points}


def run(network, task, word):
    """What torch says of a word: the machine's states, the answers' names, the last output and state."""
    with torch.no_grad():
        outputs, states = network(task.run([word]).inputs)
    names = [str(task.machine.answers[i]) for i in task.decode(outputs[0]).tolist()]
    return task.machine.run(word), names, outputs[0, -1], states[0, -1]


def test_a_typed_word_runs_through_network_and_machine(show, counter, player):
    network, task, _, _ = counter[0]
    page = show(player)
    page.get_by_label("Speed").fill("30")
    word = "110100111010"
    page.get_by_label("Word").focus()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    for length in range(1, len(word) + 1):
        page.wait_for_function(
            """([fed, rest]) => {
                const root = document.querySelector("rnnlab-player").shadowRoot;
                const text = name => root.querySelector(name).textContent;
                return (text(".fed") + text(".present")).startsWith(fed) && rest.endsWith(text(".coming"));
            }""",
            arg=[word[:length], word[length:]],
        )
    expect(page.locator(".coming")).to_be_empty()
    states, answers, output, state = run(network, task, word)
    expect(page.get_by_role("img", name=f"It is in {states[-1]}.")).to_be_visible()
    expect(page.locator(".node.lit text")).to_have_text(states[-1])
    expect(page.locator(".arrow.lit text")).to_have_text("0")
    expect(page.locator(".wanted")).to_have_text(f"Machine: {states[-1]}")
    expect(page.locator(".got")).to_have_text(f"Network: {answers[-1]} ✓")
    element = page.locator("rnnlab-player")
    torch.testing.assert_close(torch.tensor(element.evaluate("p => [...p.output]")), output, rtol=0, atol=1e-5)
    torch.testing.assert_close(torch.tensor(element.evaluate("p => [...p.state]")), state, rtol=0, atol=1e-5)


def test_step_by_step_the_nodes_light_up(show, counter, player):
    network, task, _, _ = counter[0]
    page = show(player)
    element = paused(page)
    expect(page.locator(".node.lit text")).to_have_text("q0")
    word = "1101"
    states, answers, _, _ = run(network, task, word)
    for t, symbol in enumerate(word):
        page.get_by_role("button", name=f"symbol: {symbol}").click()
        expect(page.locator(".node.lit text")).to_have_text(states[t])
        expect(page.locator(".got")).to_contain_text(answers[t])
        expect(page.locator(".present")).to_have_text(symbol)
        expect(page.locator(".now")).to_contain_text(f"symbol {symbol}:")
        output = element.evaluate("p => [...p.output]")
        for value, row in zip(output, page.locator(".row").all()):
            written = row.locator(".value").inner_text().replace("−", "-")
            assert float(written) == pytest.approx(value, abs=0.006)
    expect(page.locator(".fed")).to_have_text(word[:-1])


@pytest.mark.parametrize(
    "word, complaint", [("1021", "“2” is not a symbol. There are: 0, 1."), ("", "Type some of 0, 1.")]
)
def test_a_foreign_symbol_is_named_and_nothing_is_fed(show, player, word, complaint):
    page = show(player)
    before = page.locator("rnnlab-player").evaluate("p => [...p.state]")
    field = page.get_by_label("Word")
    field.fill(word)
    page.get_by_role("button", name="Feed").click()
    expect(page.get_by_role("alert")).to_have_text(complaint)
    expect(field).to_have_attribute("aria-invalid", "true")
    page.wait_for_timeout(300)
    assert page.locator("rnnlab-player").evaluate("p => [...p.state]") == before
    field.fill("0 1 ")
    page.get_by_role("button", name="Feed").click()
    expect(page.locator(".present")).to_have_text("1")
    expect(page.locator(".fed")).to_have_text("0")
    expect(page.locator(".complaint")).to_be_hidden()
    expect(field).to_have_attribute("aria-invalid", "false")


def test_the_page_does_not_hear_what_is_typed(show, player):
    page = show(player)
    page.evaluate("window.heard = []; addEventListener('keydown', event => heard.push(event.key))")
    page.get_by_label("Word").focus()
    page.keyboard.type("01")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("heard") == ["ArrowDown"]


def test_without_symbols_time_stands_still(show, player):
    page = show(player)
    page.get_by_role("button", name="symbol: 1").click()
    expect(page.locator(".present")).to_have_text("1")
    element = page.locator("rnnlab-player")
    before = element.evaluate("p => [...p.state]")
    page.wait_for_timeout(500)
    assert element.evaluate("p => [...p.state]") == element.evaluate("p => [...p.step()]") == before


def test_presses_while_playing_follow_each_other(show, player):
    page = show(player)
    page.get_by_label("Speed").fill("2")
    for symbol in "1101":
        page.get_by_role("button", name=f"symbol: {symbol}").click()
    expect(page.locator(".tape")).to_have_text("1101")
    expect(page.locator(".coming")).to_be_empty()
    expect(page.locator(".node.lit text")).to_have_text("q0")


def test_a_held_symbol_is_fed_until_it_is_let_go(show, counter, player):
    page = show(player)
    page.get_by_label("Speed").fill("30")
    page.get_by_role("button", name="Hold").click()
    button = page.get_by_role("button", name="symbol: 1")
    button.click()
    expect(page.locator(".fed")).to_contain_text("1" * 10)
    _, _, _, portraits = counter[0]
    points = portraits["1"]
    census = f"{len(points)} fixed point{'s' * (len(points) > 1)}, {len(points.stable)} stable"
    expect(page.locator(".now")).to_contain_text(f"symbol 1: {census}")
    expect(page.locator(".now")).to_contain_text(", a cycle of 3")
    button.click()
    element = page.locator("rnnlab-player")
    before = element.evaluate("p => [...p.state]")
    page.wait_for_timeout(200)
    assert element.evaluate("p => [...p.state]") == before


def test_the_held_symbol_leads_to_the_cycle(show, counter, player):
    page = show(player)
    states = paused(page).evaluate("p => { p.reset(); return Array.from({ length: 303 }, () => [...p.step('1')]) }")
    cycle = counter[1]["1"].stable[0]
    last = torch.tensor(states[-3:], dtype=cycle.dtype)
    assert torch.cdist(last, cycle).min(1).values.max() < 1e-4
    assert torch.cdist(last, cycle).argmin(1).unique().numel() == 3


# How many pixels of the picture have a colour.
PIXELS = """(p, [r, g, b]) => {
    const { width, height } = p.shadowRoot.querySelector(".portrait");
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    pen.drawImage(p.shadowRoot.querySelector(".portrait"), 0, 0);
    const { data } = pen.getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
        count += data[i + 3] > 250 && [r, g, b].every((value, k) => Math.abs(data[i + k] - value) < 2);
    return count;
}"""


def rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def test_pictures_show_cycles_and_the_initial_state(show, player):
    page = show(player)
    element = paused(page)
    page.wait_for_timeout(300)
    assert element.evaluate(PIXELS, rgb(live.page.COLOURS["cycle"])) == 0
    page.get_by_role("button", name="symbol: 1").click()
    page.wait_for_timeout(300)
    assert element.evaluate(PIXELS, rgb(live.page.COLOURS["cycle"])) > 100
    assert element.evaluate(PIXELS, [0, 0, 0]) > 50  # the star
    for entry in ("attracting cycle", "initial state"):
        expect(page.locator(".legend").get_by_text(entry)).to_be_visible()


@pytest.mark.parametrize("slow", [0, 1])
def test_slow_points_are_diamonds(show, counter, slow):
    network, task, pca, portraits = counter[0]
    somewhere = pca.reconstruct(torch.zeros(slow, 2))
    points = dataclasses.replace(portraits["0"], slow=somewhere, slow_q=torch.full((slow,), 1e-6))
    page = show(live.player(network, task, pca, {"0": points}))
    element = paused(page)
    page.wait_for_timeout(300)
    assert (element.evaluate(PIXELS, rgb(live.page.COLOURS["slow"])) > 30) == bool(slow)
    assert (", 1 slow point" in page.locator(".now").inner_text()) == bool(slow)
    assert page.locator(".legend").get_by_text("slow point").is_visible() == bool(slow)


def test_start_at_what_the_portrait_shows(show, counter, player):
    network, task, _, portraits = counter[0]
    page = show(player)
    element = paused(page)
    start = page.get_by_label("Start at")
    for symbol in "10":
        page.get_by_role("button", name=f"symbol: {symbol}").click()
        expect(start.locator("option")).to_have_count(len(portraits[symbol]) + 2)
    stable = portraits["0"].stable[0]
    said = str(task.machine.answers[task.decode(network.outputs(stable.float())).item()])
    start.select_option(label=f"stable {said}")
    state = torch.tensor(element.evaluate("p => [...p.state]"), dtype=stable.dtype)
    assert (portraits["0"].stable - state).norm(dim=1).min() < 1e-5
    expect(page.locator(".node.lit text")).to_have_text(said)
    start.select_option(label="initial state")
    assert not any(element.evaluate("p => [...p.state]"))
    expect(page.locator(".wanted")).to_have_text("Machine: starts in q0")


def test_a_machine_whose_state_is_not_known_is_asked_nothing(show):
    """The answers accept and reject do not tell the states apart."""
    page = show(live.player(*random_network(Automaton(machines.tomita(5)))))
    element = paused(page)
    page.get_by_role("button", name="symbol: 0").click()
    expect(page.locator(".wish").first).to_contain_text(re.compile(r"asked \d"))
    element.evaluate("p => { p.state = p.state.fill(0.1) }")
    expect(page.locator(".wanted")).to_contain_text("not known")
    expect(page.locator(".node.lit")).to_have_count(0)
    page.get_by_role("button", name="symbol: 1").click()
    assert page.locator(".wish").all_inner_texts() == ["asked –", "asked –"]
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".node.lit text")).to_have_text("q0")


def test_it_says_so_when_the_network_is_wrong(show):
    given = random_network(Automaton(machines.tomita(5)))
    network, task, _, _ = given
    page = show(live.player(*given))
    paused(page)
    seen = set()
    word = "0110100110"
    for t, symbol in enumerate(word):
        states, answers, _, _ = run(network, task, word[: t + 1])
        wrong = answers[-1] != str(task.machine.outputs[states[-1]])
        page.get_by_role("button", name=f"symbol: {symbol}").click()
        said = "accept" if answers[-1] == "True" else "reject"
        expect(page.locator(".got")).to_have_text(f"Network: {said} {'✗ differs' if wrong else '✓'}")
        expect(page.locator(".verdict.differs")).to_have_count(int(wrong))
        expect(page.locator(".spoken")).to_have_text(f"Output {said}{', unlike the machine' if wrong else ''}")
        seen.add(wrong)
    assert seen == {True, False}


def test_the_diagram_is_that_of_the_machine(show):
    machine = machines.tomita(4)
    page = show(live.player(*random_network(Automaton(machine))))
    expect(page.locator(".node")).to_have_count(4)
    expect(page.locator(".node .accepting")).to_have_count(sum(machine.outputs.values()))
    arrows = {(a, b) for a, row in machine.transitions.items() for b in row.values()}
    expect(page.locator(".arrow text")).to_have_count(len(arrows))
    told = page.locator(".diagram").get_attribute("aria-label")
    assert "q0 to q1 with 0;" in told and "q3 to q3 with 0, 1" in told
    frame = page.locator(".diagram").bounding_box()
    for part in page.locator(".diagram :is(circle, text, path)").all():
        box = part.bounding_box()
        assert frame["x"] - 1 <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert frame["y"] - 1 <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"] + 1


def test_outputs_that_are_not_the_states_are_noted(show):
    transitions = {"p": {"0": "p", "1": "q"}, "q": {"0": "q", "1": "p"}}
    machine = automata.DFA(("p", "q"), ("0", "1"), transitions, "p", {"p": "even", "q": "odd"})
    page = show(live.player(*random_network(Automaton(machine))))
    assert page.locator(".diagram .note").all_text_contents() == ["even", "odd"]
    paused(page)
    page.get_by_role("button", name="symbol: 1").click()
    expect(page.locator(".wanted")).to_have_text("Machine: q, odd")


def test_a_press_ends_the_demo_and_what_it_had_to_say(show, counter):
    page = show(live.player(*counter[0], script="1" * 100))
    expect(page.locator(".coming")).to_contain_text("1111")
    page.get_by_role("button", name="symbol: 0").click()
    expect(page.locator(".present")).to_have_text("0")
    expect(page.locator(".coming")).to_be_empty()


def test_the_demo_feeds_its_word_again_from_the_start(show, counter):
    given, cycles = counter
    page = show(live.player(*given, cycles=cycles, script="11"))
    page.get_by_label("Speed").fill("30")
    for _ in range(2):
        expect(page.locator(".tape")).to_have_text("")
        expect(page.locator(".node.lit text")).to_have_text("q2")
    expect(page.get_by_role("button", name="Demo")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="symbol: 0").click()
    expect(page.get_by_role("button", name="Demo")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(show, player, theme):
    page = show(live.chooser({"a": player, "b": player}, name="which"))
    page.get_by_role("button", name="Feed").click()  # with a complaint in sight
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.wait_for_timeout(300)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_narrow_page(show, player):
    page = show(live.chooser({"a": player, "b": player}, name="which"), viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".row").nth(2).scroll_into_view_if_needed()
    page.get_by_role("button", name="symbol: 1").click()
    page.evaluate("scrollTo(0, 600)")  # it goes on while any part of it can be seen
    page.get_by_role("textbox", name="Word").fill("1011")
    page.get_by_role("button", name="Feed").click()
    expect(page.locator(".coming").first).to_be_empty()
    expect(page.locator(".node.lit text").first).to_have_text("q1")
    assert page.locator(".diagram").first.bounding_box()["width"] <= 358


@pytest.mark.parametrize("delay", [0, 3])
def test_the_answer_is_due_after_the_delay(show, delay):
    page = show(live.player(*random_network(FlipFlop(bits=2, delay=delay))))
    paused(page)
    wish, due = page.locator(".wish").first, page.locator(".due").first
    page.get_by_role("button", name="bit 1: +1").click()
    for left in range(delay, 0, -1):
        expect(wish).to_have_text("asked –")
        expect(due).to_have_text(f"+1 due in {left}")
        page.get_by_role("button", name="Step").click()
    expect(wish).to_contain_text("asked +1")
    expect(due).to_have_text("nothing due" if delay else "")
    page.get_by_role("button", name="bit 1: −1").click()
    if delay:
        expect(wish).to_contain_text("asked +1")
        expect(due).to_have_text(f"−1 due in {delay}")
    for _ in range(delay):
        page.get_by_role("button", name="Step").click()
    expect(wish).to_contain_text("asked −1")
    expect(page.locator(".wish").last).to_have_text("asked –")


def test_a_delayed_network_answers_when_it_is_due(show):
    network = zoo.load("delay3-gru")
    task = from_configuration(network.card["task"])
    batch = task.run(torch.tensor([[[1, 1], *[[0, 0]] * 9, [-1, 0], *[[0, 0]] * 9, [0, -1], *[[0, 0]] * 9]]))
    with torch.no_grad():
        outputs, states = network(batch.inputs)
    points = rnnlab.find_fixed_points(network.cell.at(task.input((0, 0))), states[0])
    page = show(live.player(network, task, geometry.pca(states, 2), {(0, 0): points}))
    element = paused(page)
    element.evaluate("p => p.reset()")
    for t, pulse in enumerate(batch.inputs[0].int().tolist()):
        element.evaluate("(p, pulse) => p.step(pulse)", pulse)
        if t < task.delay:
            continue
        for bit, wish in enumerate(page.locator(".wish").all()):
            asked = "+1" if batch.targets[0, t, bit] > 0 else "−1"
            met = "✓" if (outputs - batch.targets)[0, t, bit].abs() < 0.5 else "…"
            expect(wish).to_have_text(f"asked {asked} {met}")


def test_the_chooser_runs_the_player_that_it_shows(show, two_bits, one_hot):
    players = {"signs": live.player(*two_bits), "one-hot": live.player(*one_hot)}
    both = live.chooser(players, name="encoding")
    page = show(both, both)
    first, second, third, _ = page.locator("rnnlab-player").all()
    visible = lambda: [player.is_visible() for player in page.locator("rnnlab-player").all()]
    assert visible() == [True, False, True, False]
    still = second.evaluate("p => [...p.state]")
    page.wait_for_function("p => p.state.some(value => value)", arg=first.element_handle())
    assert second.evaluate("p => [...p.state]") == still
    choice = page.get_by_role("group", name="encoding").first.get_by_role("button", name="one-hot")
    choice.focus()
    page.keyboard.press("Enter")
    assert choice.get_attribute("aria-pressed") == "true"
    assert visible() == [False, True, True, False]
    page.wait_for_function("p => p.state.some(value => value)", arg=second.element_handle())
    stopped = first.evaluate("p => [...p.state]")
    page.wait_for_timeout(300)
    assert first.evaluate("p => [...p.state]") == stopped
    assert repr(both) == "Chooser(encoding: signs, one-hot)"


def test_one_hot_readings_are_the_bits_of_the_largest_output(show, one_hot):
    network, task, _, _ = one_hot
    page = show(live.player(*one_hot))
    element = paused(page)
    for pulse in itertools.product((-1, 1), repeat=2):
        element.evaluate("(p, pulse) => { p.step(pulse); for (let i = 0; i < 20; i++) p.step(); }", pulse)
        output = torch.tensor(element.evaluate("p => [...p.output]"))
        assert tuple(task.decode(output).tolist()) == pulse
        for value, bit in zip(page.locator(".value").all(), pulse):
            expect(value).to_have_text("+1" if bit > 0 else "−1")
