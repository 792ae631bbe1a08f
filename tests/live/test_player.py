"""The live player in a real browser: torch's numbers, and every control by mouse, touch and keyboard."""

import copy
import dataclasses
import itertools

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn

import rnnlab
from rnnlab import automata, geometry, live
from rnnlab.book import machines, zoo
from rnnlab.book.tasks import from_configuration
from rnnlab.cells import GRU, LSTM, UGRNN, GRUResetAfter, LinearRNN, LowRankRNN, PreActivationRNN, RateRNN, VanillaRNN
from rnnlab.dynamics import find_cycles
from rnnlab.network import Network
from rnnlab.tasks import Automaton, FlipFlop

CELLS = [GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN, PreActivationRNN, RateRNN, LowRankRNN]
# What a paused player has drawn once it is done, as text.
PICTURE = """async p => {
    const frame = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (let last, now; ; last = now) {
        await frame();
        now = p.shadowRoot.querySelector(".portrait").toDataURL();
        if (now === last) return now;
    }
}"""
# Steps under the held input, if any, until the state rests.
SETTLE = """p => {
    for (let i = 0, moved = 1; i < 5000 && moved > 1e-7; i++) {
        const before = p.state;
        moved = Math.hypot(...p.step().map((value, k) => value - before[k]));
    }
    return [[...p.state], [...p.output]];
}"""


@pytest.fixture(params=["two_bits", "three_bits", "one_hot", "one_two"])
def flipflop(request):
    return request.getfixturevalue(request.param)


def untrained(cell, task):
    """A player of a network with random weights: what it does is of no interest, only that it is the same thing."""
    network = Network.from_cell(cell, task.output_size, generator=torch.Generator().manual_seed(1)).to(cell.W.dtype)
    states = torch.randn(50, cell.state_size, generator=torch.Generator().manual_seed(2), dtype=cell.W.dtype)
    symbol = (0,) * task.bits if isinstance(task, FlipFlop) else task.machine.alphabet[0]
    points = rnnlab.find_fixed_points(cell.at(task.input(symbol).to(cell.W.dtype)), starts=states)
    return network, live.player(network, task, geometry.pca(states, 2), {symbol: points})


def pause(page):
    page.get_by_role("button", name="Pause").click()


def signs(output):
    return "".join("+" if value > 0 else "−" for value in output)


RUN = "(p, symbols) => { p.reset(); return symbols.map(symbol => [[...p.step(symbol)], [...p.output]]); }"


def assert_equals_torch(page, network, symbols, inputs):
    """The player's states and outputs under symbols, to rounding, are torch's under the inputs (time, input)."""
    dtype = network.cell.W.dtype
    with torch.no_grad():
        outputs, states = network(inputs[None].to(dtype))
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    ran = page.locator("rnnlab-player").evaluate(RUN, symbols)
    for t, (state, output) in enumerate(ran):
        torch.testing.assert_close(torch.tensor(state, dtype=dtype), states[0, t], rtol=0, atol=tolerance)
        torch.testing.assert_close(torch.tensor(output, dtype=dtype), outputs[0, t], rtol=0, atol=tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", CELLS)
def test_state_equals_torch(show, cell, dtype):
    generator = torch.Generator().manual_seed(0)
    task = FlipFlop(bits=3)
    network, player = untrained(cell(3, 24, generator=generator).to(dtype), task)
    pulses = torch.randint(-1, 2, (200, 3), generator=generator)
    page = show(player)
    pause(page)
    assert_equals_torch(page, network, pulses.tolist(), task.encode(pulses))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("encoding", ["one-two", "one-hot"])
def test_encoded_pulses_equal_torch(show, cell, encoding):
    generator = torch.Generator().manual_seed(0)
    task = FlipFlop(bits=2, encoding=encoding)
    network, player = untrained(cell(task.input_size, 24, generator=generator), task)
    pulses = torch.randint(-1, 2, (200, 2), generator=generator)
    page = show(player)
    pause(page)
    assert_equals_torch(page, network, pulses.tolist(), task.encode(pulses))


@pytest.mark.parametrize("cell", CELLS)
def test_words_equal_torch(show, cell):
    generator = torch.Generator().manual_seed(0)
    task = Automaton(machines.random_machine(0, 4, 3))
    network, player = untrained(cell(3, 24, generator=generator), task)
    word = ["abc"[i] for i in torch.randint(3, (200,), generator=generator)]
    page = show(player)
    pause(page)
    assert_equals_torch(page, network, word, task.run([word]).inputs[0])


@pytest.mark.parametrize("name", ["flipflop3-gru", "flipflop3-lstm", "flipflop3-ugrnn", "flipflop3-vanilla"])
def test_trained_state_equals_torch(show, name):
    network = zoo.load(name)
    task = from_configuration(network.card["task"])
    inputs = dataclasses.replace(task, length=200).batch(1, torch.Generator().manual_seed(5)).inputs[0]
    with torch.no_grad():
        states = network(inputs[None])[1][0]
    rest = rnnlab.find_fixed_points(network.cell.at(torch.zeros(3)), starts=states)
    page = show(live.player(network, task, geometry.pca(states), {(0, 0, 0): rest}))
    pause(page)
    assert_equals_torch(page, network, inputs.int().tolist(), inputs)


def test_a_trained_low_rank_network_equals_torch(show):
    network = zoo.load("flipflop2-rank2")
    task = from_configuration(network.card["task"])
    inputs = dataclasses.replace(task, length=200).batch(1, torch.Generator().manual_seed(5)).inputs[0]
    with torch.no_grad():
        states = network(inputs[None])[1][0]
    rest = rnnlab.find_fixed_points(network.cell.at(torch.zeros(2)), starts=states[::10], rounds=0)
    page = show(live.player(network, task, geometry.pca(states, 2), {(0, 0): rest}))
    pause(page)
    assert_equals_torch(page, network, inputs.int().tolist(), inputs)


def test_pulses_reach_the_state_they_ask_for(show, flipflop):
    """Every pulse, by clicks, from several memories; each is also the stable point that the finder found."""
    network, task, pca, portraits = flipflop
    page = show(live.player(network, task, pca, portraits))
    pause(page)
    element = page.locator("rnnlab-player")
    rest = (0,) * task.bits
    stable = portraits[rest].stable
    labels = {-1: "1", 1: "2"} if task.encoding == "one-two" else {-1: "−1", 1: "+1"}
    page.get_by_role("button", name="Several").click()
    for pulse, memory in itertools.product(task.pulses, task.states[:: 2 ** (task.bits - 2)]):
        page.get_by_label("Start at").select_option(label=f"stable {signs(memory)}")
        for k, value in enumerate(pulse):
            if value:
                page.get_by_role("button", name=f"bit {k + 1}: {labels[value]}").click()
        if any(pulse):
            page.get_by_role("button", name="Send").click()
        state, output = element.evaluate(SETTLE)
        expected = signs(task.after(memory, pulse))
        assert signs(task.decode(torch.tensor(output)).tolist()) == expected, (memory, pulse)
        page.locator(".spoken", has_text=f"Output {expected}").wait_for(state="attached")
        assert (stable - torch.tensor(state, dtype=stable.dtype)).norm(dim=1).min() < 1e-4, (memory, pulse)
    assert [text[-1] for text in page.locator(".wish").all_inner_texts()] == ["✓"] * task.bits


def test_a_press_while_playing_is_one_step_of_input(show, two_bits):
    page = show(live.player(*two_bits))
    page.get_by_label("Speed").fill("30")
    for bit, label in ((1, "+1"), (2, "−1"), (1, "−1"), (2, "+1")):
        page.get_by_role("button", name=f"bit {bit}: {label}").click()
        page.locator(".row").nth(bit - 1).get_by_text(f"asked {label} ✓").wait_for()
    page.locator(".spoken", has_text="Output −+").wait_for(state="attached")


def test_hold_shows_the_fixed_points_of_the_held_input(show, flipflop):
    network, task, pca, portraits = flipflop
    bits = task.bits
    page = show(live.player(network, task, pca, portraits))
    pause(page)
    page.get_by_role("button", name="Hold").click()
    element = page.locator("rnnlab-player")
    before = element.evaluate(PICTURE)
    label = "2" if task.encoding == "one-two" else "+1"
    button = page.get_by_role("button", name=f"bit {bits}: {label}")
    button.click()
    held = (0,) * (bits - 1) + (1,)
    written = ", ".join(["0"] * (bits - 1) + [label])
    points = portraits[held]
    expected = f"input ({written}): {len(points.states)} fixed point"
    page.locator(".now", has_text=expected).wait_for()
    assert button.get_attribute("aria-pressed") == "true"
    assert element.evaluate(PICTURE) != before
    state, _ = element.evaluate(SETTLE)
    assert (points.stable - torch.tensor(state, dtype=points.stable.dtype)).norm(dim=1).min() < 1e-4
    button.click()
    rest = f"input ({', '.join(['0'] * bits)})"
    page.locator(".now", has_text=rest).wait_for()


def test_click_on_a_fixed_point_starts_there(show, two_bits):
    network, task, pca, portraits = two_bits
    page = show(live.player(network, task, pca, portraits))
    pause(page)
    portrait = page.locator(".portrait")
    portrait.scroll_into_view_if_needed()
    spot = portrait.evaluate(
        """(canvas, [r, g, b]) => {
            const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const near = i => Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12;
            for (let i = 0; i < data.length; i += 4)
                if (data[i + 3] > 180 && near(i)) return { x: (i / 4) % width, y: Math.floor(i / 4 / width) + 2 };
        }""",
        [int(live.page.COLOURS["stable"][i : i + 2], 16) for i in (1, 3, 5)],
    )
    portrait.click(position=spot)
    state = torch.tensor(page.locator("rnnlab-player").evaluate("p => [...p.state]"), dtype=torch.float64)
    stable = portraits[(0, 0)].stable
    assert (stable.double() - state).norm(dim=1).min() < 1e-5


def test_a_saddle_is_left(show, two_bits):
    page = show(live.player(*two_bits))
    pause(page)
    page.get_by_label("Start at").select_option(label="saddle, 2 unstable directions")
    element = page.locator("rnnlab-player")
    before = torch.tensor(element.evaluate("p => [...p.state]"))
    after = torch.tensor(element.evaluate(SETTLE)[0])
    assert (after - before).norm() > 0.1


def test_keyboard_alone(show, three_bits):
    page = show(live.player(*three_bits))
    element = page.locator("rnnlab-player")

    def focused():
        inside = "document.activeElement.shadowRoot?.activeElement"
        return page.evaluate(f"{inside}?.ariaLabel || {inside}?.textContent || ''")

    def tab_to(wanted, key="Tab"):
        for _ in range(30):
            page.keyboard.press(key)
            if focused().startswith(wanted):
                return
        raise AssertionError(f"{key} never reaches {wanted!r}")

    tab_to("Phase portrait")
    tab_to("Pause")
    page.keyboard.press("Space")
    page.locator("rnnlab-player").get_by_role("button", name="Play").wait_for()
    tab_to("Phase portrait", key="Shift+Tab")
    for key in ("ArrowLeft", "ArrowUp"):
        before = element.evaluate(PICTURE)
        page.keyboard.press(key)
        assert element.evaluate(PICTURE) != before
    assert page.evaluate("scrollY") == 0
    for bit in (1, 2, 3):
        tab_to(f"bit {bit}: +1")
        page.keyboard.press("Enter")
    assert signs(element.evaluate(SETTLE)[1]) == "+++"
    page.locator(".spoken", has_text="Output +++").wait_for(state="attached")


def test_touch_turns_the_picture_and_scrolls_the_page(show, three_bits):
    page = show(live.player(*three_bits), viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Pause").tap()
    element = page.locator("rnnlab-player")
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".portrait").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)

    def stroke(dx, dy):
        touch = lambda kind, points: client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch("touchStart", [{"x": x, "y": y}])
        for i in range(1, 9):
            touch("touchMove", [{"x": x + dx * i / 8, "y": y + dy * i / 8}])
        touch("touchEnd", [])
        page.wait_for_timeout(200)

    before = element.evaluate(PICTURE)
    stroke(120, 0)
    turned = element.evaluate(PICTURE)
    assert turned != before and page.evaluate("scrollY") == 0
    stroke(0, -160)
    assert page.evaluate("scrollY") > 50


def test_wheel_scrolls_the_page(show, three_bits):
    page = show(live.player(*three_bits))
    page.locator(".portrait").hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 200")


def test_mouse_drag_turns_the_picture(show, three_bits):
    page = show(live.player(*three_bits))
    pause(page)
    element = page.locator("rnnlab-player")
    before = element.evaluate(PICTURE)
    box = page.locator(".portrait").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 140, steps=5)
    page.mouse.up()
    assert element.evaluate(PICTURE) != before


def test_narrow_page(show, flipflop):
    check_narrow(show(live.player(*flipflop, title="A flip-flop", script=[]), viewport={"width": 390, "height": 800}))


def check_narrow(page):
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    sizes = page.locator("rnnlab-player").evaluate(
        "p => [...p.shadowRoot.querySelectorAll('button, select, input')].filter(e => e.checkVisibility())"
        ".map(e => e.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert min(sizes) >= 36


def test_reduced_motion_waits_for_the_reader(show, three_bits):
    page = show(live.player(*three_bits, script=[(1, 1, 1)]), reduced_motion="reduce")
    element = page.locator("rnnlab-player")
    page.wait_for_timeout(400)
    assert not any(element.evaluate("p => [...p.state]"))
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_role("button", name="Step").click()
    assert any(element.evaluate("p => [...p.state]"))


def test_demo_gives_its_pulses_until_the_reader_takes_over(show, three_bits):
    page = show(live.player(*three_bits, script=[(1, 1, 1), (0, -1, 0)]))
    demo = page.get_by_role("button", name="Demo")
    assert demo.get_attribute("aria-pressed") == "true"
    page.get_by_label("Speed").fill("30")
    for state in ("+++", "+−+", "+++"):
        page.locator(".spoken", has_text=f"Output {state}").wait_for(state="attached")
    page.get_by_role("button", name="bit 3: −1").click()
    page.locator(".spoken", has_text="−").wait_for(state="attached")
    page.wait_for_function("p => p.getAttribute('aria-pressed') === 'false'", arg=demo.element_handle())


def test_two_players_on_one_page(show, two_bits, three_bits):
    page = show(live.player(*two_bits), live.player(*three_bits))
    first, second = page.locator("rnnlab-player").all()
    first.evaluate("p => p.pause()")
    second.evaluate("p => p.pause()")
    before = second.evaluate("p => [...p.state]")
    first.evaluate("p => p.step([1, 1])")
    assert second.evaluate("p => [...p.state]") == before
    assert len(second.evaluate("p => [...p.output]")) == 3


def test_a_moved_player_lives_on(show, two_bits):
    """JupyterLab takes outputs off the page and puts them back."""
    page = show(live.player(*two_bits))
    element = page.locator("rnnlab-player")
    page.get_by_role("button", name="Pause").wait_for()
    state = element.evaluate("p => { p.remove(); document.body.prepend(p); p.reset(); return p.step([1, 1]).join(); }")
    page.wait_for_function("state => document.querySelector('rnnlab-player').state.join() !== state", arg=state)


def test_text_is_text(show, two_bits):
    title = "</script><script>window.broken = 1</script> \"&amp;' <b>bold</b>"
    page = show(live.player(*two_bits, title=title, caption=title))
    assert page.locator(".title").inner_text() == title
    assert page.evaluate("window.broken") is None


def test_without_scripts_it_says_so(show, two_bits):
    page = show(live.player(*two_bits), java_script_enabled=False)
    assert page.get_by_text(live.page.FALLBACK).is_visible()


def test_dark_theme(show, two_bits):
    page = show(live.player(*two_bits))
    element = page.locator("rnnlab-player")
    stable = "p => getComputedStyle(p).getPropertyValue('--stable')"
    page.wait_for_function("p => getComputedStyle(p).getPropertyValue('--stable')", arg=element.element_handle())
    assert element.evaluate(stable) == live.page.COLOURS["stable"]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(200)
    assert element.evaluate(stable).startswith("rgb(")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(show, three_bits, theme):
    page = show(live.player(*three_bits, title="A flip-flop", caption="Its states.", script=[(1, 1, 1)]))
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.wait_for_timeout(200)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_size(three_bits):
    network, task, pca, portraits = three_bits
    every = dict.fromkeys(task.pulses, portraits[0, 0, 1]) | portraits
    assert len(live.player(network, task, pca, every).html.encode()) < 260_000


def test_html_has_one_script(two_bits):
    player = live.player(*two_bits, title="</script><script>")
    assert player.html.count("<script>") == player.html.count("</script>") == 1


def test_repr(two_bits):
    assert repr(live.player(*two_bits)) == "Player(GRU, 64 units, fixed points under 2 inputs)"


@pytest.mark.parametrize(
    "call, message",
    [
        ("p.state = [0]", "the state has 32 numbers, not 1"),
        ("p.state = p.state.fill(NaN)", "the state must be finite"),
        ("p.step([1])", "symbols such as -1,-1 or -1,0 or -1,1, not 1"),
        ("p.step([0, 2])", "not 0,2"),
    ],
)
def test_the_console_refuses_what_does_not_fit(show, two_bits, call, message):
    message = message.replace("32", str(two_bits[0].cell.state_size))
    page = show(live.player(*two_bits))
    attempt = f"p => {{ try {{ {call} }} catch (error) {{ return error.message }} }}"
    assert message in page.locator("rnnlab-player").evaluate(attempt)


def refused(error, message, network, task, pca, portraits, **options):
    with pytest.raises(error, match=message):
        live.player(network, task, pca, portraits, **options)


def test_what_is_not_a_network_is_refused(two_bits):
    network, *rest = two_bits
    refused(TypeError, "network", network.cell, *rest)


def test_what_is_not_a_known_task_is_refused(two_bits):
    network, _, *rest = two_bits
    refused(TypeError, "task", network, machines.modulo_counter(), *rest)


@pytest.mark.parametrize(
    "network, error, message",
    [
        (lambda: Network.from_cell(LinearRNN(2, 8), 2), TypeError, "cell is LinearRNN"),
        (lambda: Network.from_cell(VanillaRNN(2, 8, nonlinearity="relu"), 2), ValueError, "nonlinearity is 'relu'"),
        (lambda: Network.from_cell(RateRNN(2, 8, nonlinearity="erf"), 2), ValueError, "RateRNN with tanh; .* is 'erf'"),
        (lambda: Network(GRU(2, 8), nn.Sequential(nn.Linear(8, 2))), TypeError, "torch.nn.Linear, got Sequential"),
        (lambda: Network.from_cell(GRU(2, 8), 3), ValueError, "network has 2 inputs and 3 outputs, the task 2 and 2"),
        (lambda: Network.from_cell(GRU(3, 8), 2), ValueError, "network has 3 inputs and 2 outputs, the task 2 and 2"),
        (lambda: Network.from_cell(GRU(2, 8), 2), ValueError, r"components \(2 or 3, 8\), got \(2, 64\)"),
    ],
)
def test_networks_that_no_player_can_run_are_refused(two_bits, network, error, message):
    refused(error, message, network(), *two_bits[1:])


def test_weights_that_are_not_finite_are_refused(two_bits):
    network, *rest = two_bits
    broken = copy.deepcopy(network)
    broken.cell.U.data[0, 0] = float("nan")
    refused(ValueError, "cell.U must be finite", broken, *rest)


def test_four_components_are_refused(two_bits):
    network, task, pca, portraits = two_bits
    four = dataclasses.replace(pca, components=pca.components.repeat(2, 1))
    refused(ValueError, r"components \(2 or 3, 64\), got \(4, 64\)", network, task, four, portraits)


def test_portraits_that_do_not_fit_are_refused(two_bits):
    network, task, pca, portraits = two_bits
    given, rest = (network, task, pca), portraits[0, 0]
    refused(ValueError, "portraits must not be empty", *given, {})
    refused(ValueError, r"must include \(0, 0\), that of no pulse", *given, {(0, 1): rest})
    refused(ValueError, r"portraits must have symbols of the task, .*; got \(0, 1, 0\)", *given, {(0, 1, 0): rest})
    alien = rnnlab.find_fixed_points(GRU(2, 8).at(torch.zeros(2)), starts=torch.zeros(1, 8))
    refused(ValueError, r"portraits\[\(0, 1\)\] must have states", *given, {(0, 0): rest, (0, 1): alien})
    saddles = dataclasses.replace(rest, eigenvalues=torch.full_like(rest.eigenvalues, 2))
    refused(ValueError, "no stable point", *given, {(0, 0): saddles})


@pytest.mark.parametrize("pulse", [(1,), (1, float("nan")), (0, 2), "1"])
def test_a_script_that_does_not_fit_is_refused(two_bits, pulse):
    refused(ValueError, "script must have symbols of the task", *two_bits, script=[pulse])


def test_symbols_of_another_machine_are_refused(counter):
    given, cycles = counter
    network, task, pca, portraits = given
    refused(ValueError, "script must have symbols of the task, '0', '1'; got '2'", *given, script="012")
    refused(ValueError, "portraits must have symbols of the task, '0', '1'; got 'a'", *given[:3], {"a": portraits["0"]})
    refused(ValueError, "cycles must have symbols of the task, '0', '1'; got 'a'", *given, cycles={"a": cycles["1"]})
    zero = {"0": portraits["0"]}
    refused(ValueError, r"go with a portrait; there are portraits under \['0'\]", *given[:3], zero, cycles=cycles)


def test_cycles_of_another_network_are_refused(counter):
    cycles = find_cycles(GRU(2, 8).at(torch.zeros(2)), 3, torch.zeros(1, 8))
    refused(ValueError, r"cycles\['1'\] must have states \(cycles, period, 64\)", *counter[0], cycles={"1": cycles})


@pytest.mark.parametrize("symbol", ["10", "", " ", 1])
def test_symbols_that_cannot_be_typed_are_refused(counter, symbol):
    network, _, pca, portraits = counter[0]
    machine = automata.DFA(("p", "q", "r"), ("0", symbol), {q: {"0": q, symbol: r} for q, r in zip("pqr", "qrp")}, "p")
    message = f"single characters, to be typed; the task has {symbol!r}"
    refused(ValueError, message, network, Automaton(machine), pca, {})


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(ValueError, match="players must not be empty"):
        live.chooser({}, name="delay")
