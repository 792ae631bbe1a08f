/* <rnnlab-player data-model="…">: a recurrent network that runs in the page.
 *
 * Needs a page, and the JSON that rnnlab.live.player() writes. All stands in a shadow root, where the page's style
 * sheets do not reach.
 *
 * For the console:  p = document.querySelector("rnnlab-player")
 *   p.state            the state, a Float64Array (a copy); assign one to set it
 *   p.output           what the readout makes of it
 *   p.step([0, 1, 0])  one time step under a symbol, a pulse or "a"; without argument, under the one that comes next
 *   p.reset()  p.play()  p.pause()
 */

import { Diagram } from "./diagram.js";
import { make, write } from "./elements.js";
import { icon, ICONS, Live, numbers, reducedMotion } from "./live.js";
import { Network } from "./network.js";
import { paintTrace } from "./pictures.js";
import { Portrait } from "./portrait.js";
import { TASKS } from "./tasks.js";
import { count } from "./words.js";

const DEMO_REST = 24; // steps between two pulses of the demo, or two words
const FED = 24; // symbols of a word kept in view
const CYCLE = icon(`<path d="M3 13 8 3 14 12Z" fill="none" stroke="var(--cycle)" stroke-width="1.5"/>
  <g fill="var(--cycle)"><circle cx="3" cy="13" r="2.5"/><circle cx="8" cy="3" r="2.5"/><circle cx="14" cy="12" r="2.5"/>
  </g>`);
const STAR = icon('<path d="m8 1 2 5 5 .4-4 3.3 1.4 5.1L8 12l-4.4 2.8L5 9.7 1 6.4 6 6Z" fill="currentColor"/>');
const TEMPLATE = `
<section aria-label="Live network">
  <p class="title"></p>
  <div class="stage">
    <canvas class="portrait" role="img" tabindex="0" aria-describedby="help"></canvas>
    <p class="now"></p>
  </div>
  <div class="panel">
    <div class="machine">
      <svg class="diagram" role="img"></svg>
      <p class="verdict"><span class="wanted"></span> <span class="got"></span></p>
    </div>
    <form class="word" autocomplete="off">
      <span class="keys" role="group" aria-label="Symbols"></span>
      <input class="typed" aria-label="Word" aria-describedby="complaint" maxlength="1000" autocapitalize="off"
        spellcheck="false">
      <button class="feed">Feed</button>
      <p class="complaint" id="complaint" role="alert"></p>
      <p class="tape"><span class="fed"></span><b class="present"></b><span class="coming"></span></p>
    </form>
    <div class="modes" role="group" aria-label="What a press does"></div>
    <div class="said"><p class="hint"></p><button type="button" class="send">Send</button></div>
    <div class="rows"></div>
    <div class="transport" role="group" aria-label="Time">
      <button type="button" class="play"></button>
      <button type="button" class="step">Step</button>
      <button type="button" class="reset">Reset</button>
      <button type="button" class="demo">Demo</button>
    </div>
    <div class="settings">
      <label>Speed <input class="speed" type="range" min="1" max="30" value="8"></label>
      <label>Start at <select class="start"></select></label>
    </div>
  </div>
  <div class="notes">
    <p class="legend">
      <span>${ICONS.stable} stable point</span>
      <span>${ICONS.saddle} saddle, number of unstable directions</span>
      <span class="slow">${icon('<path d="M2 8 8 2 14 8 8 14Z" fill="var(--slow)"/>')} slow point</span>
      <span class="cycles">${CYCLE} attracting cycle</span>
      <span>${icon('<path d="M1 12 15 4" stroke="var(--saddle1)" stroke-width="1.5"/>')} unstable manifold</span>
      <span>${ICONS.state} state</span>
      <span class="initial">${STAR} initial state</span>
      <span class="others">${icon('<circle cx="8" cy="8" r="3" fill="var(--flow)"/>')}
        attractor of another symbol</span>
      <span>${icon('<path d="M1 11Q7 2 15 6" fill="none" stroke="var(--flow)" stroke-width="1.5"/>')} flow</span>
    </p>
    <p class="hint help" id="help"></p>
  </div>
  <p class="caption"></p>
  <p class="spoken" aria-live="polite"></p>
</section>`;

class Player extends Live {
  static template = TEMPLATE;
  #network;
  #task;
  #portrait;
  #diagram; // of an automaton
  #state;
  #memory; // of the task: what it has to know of the symbols so far
  #last; // the symbol said last; before any, that whose portrait is shown
  #past = []; // the last steps, the present at the end: {point, symbol, output, memory, asks, values, bars}
  #mode = "one"; // what a press does: one | several | hold
  #chosen; // per channel the chosen button's index, or null
  #queue = []; // symbols of the next steps
  #demo = null; // an iterator of symbols, undefined where nothing is said
  #offered = null; // the symbol of whose fixed points one can be chosen to start at
  #moves = false; // whether the last tick was a step: without symbols the time of an automaton stands still
  #clock = 0; // steps played, in fractions

  open() {
    if (!reducedMotion.matches) this.model.script.length ? this.#startDemo() : this.play();
  }

  // ---- the network's time ------------------------------------------------------------------------------------------

  get state() {
    return this.#state.slice();
  }

  set state(state) {
    this.#place(numbers(state, this.#network.size, "state"), this.#task.unknown);
  }

  get output() {
    return this.#network.read(this.#state);
  }

  step(said = this.#next()) {
    if (said === null) return this.state;
    const symbol = [said].flat();
    this.#state = this.#network.at(this.#task.input(symbol))(this.#state);
    this.#memory = this.#task.after(this.#memory, symbol);
    this.#last = symbol;
    this.phase = 1;
    this.#record(symbol);
    return this.state;
  }

  reset() {
    this.#queue = [];
    const { portraits } = this.model;
    const { rest, symbols, start } = this.#task;
    this.#place(new Float64Array(this.#network.size), start, rest ?? symbols[portraits[0].symbol]);
  }

  /* Put the network into a state, and the task into a memory; show the portrait of a symbol. */
  #place(state, memory, symbol = this.#last) {
    [this.#state, this.#memory, this.#last] = [state, memory, symbol];
    this.#past = [];
    this.#record(null);
  }

  #record(symbol) {
    const output = this.output;
    const memory = this.#memory;
    this.#past.push({
      point: this.#portrait.coordinates(this.#state),
      symbol,
      output,
      memory,
      asks: this.#task.asks(memory),
      values: this.#task.values(output),
      bars: this.#task.bars(symbol),
    });
    if (this.#past.length > this.#task.span) this.#past.shift();
    const { differs } = this.#task.verdict(memory, output);
    write(this.ui.spoken, `Output ${this.#task.answer(output)}${differs ? ", unlike the machine" : ""}`);
    this.draw();
  }

  /* The symbol of the next step, or null: then there is none. */
  #next() {
    return this.#queue.shift() ?? (this.#mode === "hold" ? this.#choice() : this.#task.rest);
  }

  /* The chosen buttons as a symbol, or null where they make none. */
  #choice() {
    const { channels, rest } = this.#task;
    const symbol = channels.map(({ buttons }, k) => buttons[this.#chosen[k]]?.value ?? rest?.[k]);
    return symbol.includes(undefined) ? null : symbol;
  }

  /* Say a symbol for one time step: when playing the next free one, when paused this one. */
  #say(symbol) {
    if (!this.playing) return this.step(symbol);
    if (!this.#queue.length) this.phase = 1;
    this.#queue.push(symbol);
  }

  /* What the demo says, tick by tick: pulses with time between them; or a word, again and again from the start. */
  *#showing() {
    const { rest, symbols } = this.#task;
    const script = this.model.script.map((index) => symbols[index]);
    const idle = (ticks) => Array(ticks).fill(undefined);
    yield* idle(DEMO_REST / 2);
    for (;;) {
      if (rest) {
        for (const symbol of script) {
          yield symbol;
          yield* idle(DEMO_REST - 1);
        }
      } else {
        this.#queue.push(...script);
        yield* idle(script.length + DEMO_REST / 2);
        this.reset();
        yield* idle(DEMO_REST / 2);
      }
    }
  }

  tick() {
    const symbol = this.#demo?.next().value ?? this.#next();
    this.#moves = symbol !== null;
    this.step(symbol);
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------

  /* The demo ends, with what it had still to say. */
  #takeOver() {
    if (this.#demo) this.#queue = [];
    this.#demo = null;
  }

  #press(channel, index) {
    this.#takeOver();
    if (this.#mode === "one") {
      const { channels, rest } = this.#task;
      this.#say(channels.map(({ buttons }, k) => (k === channel ? buttons[index].value : rest[k])));
    } else this.#chosen[channel] = this.#chosen[channel] === index ? null : index;
    this.draw();
  }

  #setMode(mode) {
    this.#mode = mode;
    this.#takeOver();
    this.#release();
  }

  #release() {
    this.#chosen = this.#task.channels.map(() => null);
    this.draw();
  }

  #startDemo() {
    this.#setMode("one");
    this.#demo = this.#showing();
    this.reset();
    this.play();
  }

  /* Feed a typed word, one symbol a step, or say what is wrong with it. */
  #feed(word) {
    const symbols = [...word.replace(/\s/g, "")];
    const alphabet = this.#task.symbols.flat();
    const foreign = symbols.find((symbol) => !alphabet.includes(symbol));
    const known = alphabet.join(", ");
    const complaint = foreign ? `“${foreign}” is not a symbol. There are: ${known}.` : `Type some of ${known}.`;
    const fits = symbols.length > 0 && !foreign;
    write(this.ui.complaint, fits ? "" : complaint);
    this.ui.typed.ariaInvalid = !fits;
    if (!fits) return;
    this.#setMode("one");
    this.#queue.push(...symbols.map((symbol) => [symbol]));
    this.play();
  }

  /* Start at a fixed point under a symbol; if it is unstable a little beside it, so that one sees it fall. What is
     stable is taken for a memory: what the network says there is what it was asked for. */
  #start(symbol, index) {
    this.#takeOver();
    this.#queue = [];
    const { states, unstable } = this.#portrait.under(symbol);
    const noise = unstable[index] ? 1e-3 : 0;
    const state = states[index].map((value) => value + noise * (2 * Math.random() - 1));
    this.#place(state, noise ? this.#task.unknown : this.#task.recall(this.#network.read(state)), symbol);
  }

  #rotate(yaw, pitch) {
    this.#portrait.rotate(yaw, pitch);
    this.draw();
  }

  // ---- building ----------------------------------------------------------------------------------------------------

  build(model, ui) {
    this.#network = new Network(model.network);
    const task = (this.#task = new TASKS[model.task.kind](model.task));
    this.#portrait = new Portrait(ui.portrait, model, this.#network, task);
    this.#chosen = task.channels.map(() => null);

    ui.help.textContent = "Press a fixed point to start there.";
    if (this.#portrait.turns) ui.help.prepend("Drag to turn the picture, or focus it and use the arrow keys. ");
    ui.portrait.classList.toggle("turns", this.#portrait.turns);

    ui.modes.append(
      ...Object.entries(task.modes).map(([value, { label }]) =>
        make("button", { type: "button", value, textContent: label })
      ),
    );
    ui.channels = task.channels.map(({ name, buttons }, channel) =>
      buttons.map(({ label }, index) => {
        const onclick = () => this.#press(channel, index);
        return make("button", { type: "button", textContent: label, ariaLabel: `${name}: ${label}`, onclick });
      })
    );
    ui.readings = task.names.map(() => ({
      bar: make("span", { className: "bar" }),
      trace: make("canvas", { className: "trace", ariaHidden: "true" }),
      value: make("span", { className: "value" }),
      wish: make("span", { className: "wish" }),
      due: make("span", { className: "due" }),
    }));
    // A flip-flop's outputs are its channels, bit by bit; an automaton has one channel, and outputs of its own.
    const machine = task.diagram;
    ui.rows.classList.toggle("bars", !!machine);
    ui.rows.append(
      ...ui.readings.map(({ bar, trace, value, wish, due }, k) =>
        make(
          "div",
          { className: "row", role: "group", ariaLabel: task.names[k] },
          make("span", { textContent: task.names[k] }),
          ...(machine ? [bar] : ui.channels[k]),
          trace,
          make("span", { className: "reading" }, value, wish, due),
        )
      ),
    );
    if (machine) {
      this.#diagram = new Diagram(ui.diagram, machine);
      ui.keys.append(...ui.channels.flat());
    }
    for (const name of ["machine", "word", "initial", "others"]) ui[name].hidden = !machine;
    const portraits = task.symbols.flatMap((symbol) => this.#portrait.under(symbol) ?? []);
    ui.cycles.hidden = portraits.every(({ cycles }) => !cycles.length);
    ui.slow.hidden = portraits.every(({ slow }) => !slow.points.length);

    ui.modes.onclick = ({ target }) => target.value && this.#setMode(target.value);
    ui.send.onclick = () => {
      this.#say(this.#choice());
      this.#release();
    };
    ui.reset.onclick = () => {
      this.#takeOver();
      this.reset();
    };
    ui.demo.hidden = !model.script.length;
    ui.demo.onclick = () => (this.#demo === null ? this.#startDemo() : this.#setMode("one"));
    ui.start.onchange = () => {
      if (ui.start.value === "initial") ui.reset.click();
      else this.#start(this.#offered, Number(ui.start.value));
      ui.start.value = "";
    };
    ui.word.onsubmit = (event) => {
      event.preventDefault();
      this.#feed(ui.typed.value);
    };
    // Pages have shortcuts of their own, and take a field in a shadow root for none.
    ui.typed.onkeydown = (event) => event.stopPropagation();
    this.#listenToPicture();
    this.reset();
  }

  #listenToPicture() {
    const picture = this.ui.portrait;
    let last = null;
    let moved = 0;
    picture.onpointerdown = (event) => {
      last = [event.clientX, event.clientY];
      moved = 0;
      picture.setPointerCapture(event.pointerId);
    };
    picture.onpointermove = (event) => {
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      last = [event.clientX, event.clientY];
      moved += Math.abs(dx) + Math.abs(dy);
      if (this.#portrait.turns && moved > 4) this.#rotate(dx / 120, dy / 120);
    };
    picture.onpointerup = (event) => {
      const index = last && moved <= 4 ? this.#portrait.nearest(event.offsetX, event.offsetY, this.#shown) : -1;
      if (index >= 0) this.#start(this.#shown, index);
      last = null;
    };
    picture.onpointercancel = () => (last = null);
    const arrows = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    picture.onkeydown = (event) => {
      if (!this.#portrait.turns || !arrows[event.key]) return;
      event.preventDefault();
      this.#rotate(...arrows[event.key]);
    };
  }

  // ---- drawing -----------------------------------------------------------------------------------------------------

  /* The symbol whose portrait is shown. */
  get #shown() {
    return (this.#mode === "hold" ? this.#choice() : null) ?? this.#last;
  }

  paint() {
    this.#paintControls();
    this.#paintReadings();
    const clock = reducedMotion.matches ? null : this.#clock;
    const phase = this.#moves ? this.phase : 1;
    const picture = { past: this.#past, phase, symbol: this.#shown, clock, colours: this.colours };
    return this.#portrait.paint(picture);
  }

  advance(seconds) {
    this.#clock += seconds * Number(this.ui.speed.value);
    super.advance(seconds);
  }

  #paintControls() {
    const ui = this.ui;
    write(ui.hint, this.#task.modes[this.#mode].hint);
    ui.demo.ariaPressed = this.#demo !== null;
    for (const button of ui.modes.children) button.ariaPressed = button.value === this.#mode;
    ui.send.hidden = this.#mode !== "several";
    ui.send.disabled = this.#chosen.every((index) => index === null);
    const said = this.#mode === "hold" ? this.#choice() : this.#past.at(-1).symbol;
    ui.channels.forEach((buttons, channel) =>
      buttons.forEach((button, index) => {
        const { value } = this.#task.channels[channel].buttons[index];
        button.classList.toggle("lit", value === said?.[channel]);
        button.ariaPressed = this.#mode === "one" ? null : this.#chosen[channel] === index;
      })
    );
    const shown = this.#portrait.under(this.#shown);
    const stable = shown?.unstable.filter((directions) => !directions).length;
    const cycles = shown?.cycles.map(({ points }) => `, a cycle of ${points.length}`).join("");
    const slow = shown?.slow.points.length ? `, ${count(shown.slow.points.length, "slow point")}` : "";
    const known = shown && `${count(shown.unstable.length, "fixed point")}, ${stable} stable${slow}${cycles}`;
    write(ui.now, `${this.#task.written(this.#shown)}: ${known ?? "fixed points not computed"}`);
    const label = `Phase portrait in the space of the first principal components, ${ui.now.textContent}.`;
    if (ui.portrait.ariaLabel !== label) ui.portrait.ariaLabel = label;
    this.#offer(this.#shown, shown);
  }

  /* The fixed points that one can choose to start at; a list in use stays as it is. */
  #offer(symbol, shown) {
    const { start } = this.ui;
    if (String(symbol) === String(this.#offered) || this.shadowRoot.activeElement === start) return;
    this.#offered = symbol;
    const { unstable, labels } = shown ?? { unstable: [], labels: [] };
    const order = [...unstable.keys()].sort((i, j) => unstable[i] - unstable[j] || (labels[i] < labels[j] ? 1 : -1));
    const points = order.map((value) =>
      make("option", {
        value,
        textContent: unstable[value]
          ? `saddle, ${count(unstable[value], "unstable direction")}`
          : `stable ${labels[value]}`,
      })
    );
    const initial = make("option", { value: "initial", textContent: "initial state" });
    start.replaceChildren(make("option", { value: "", textContent: "choose a state" }), ...points, initial);
  }

  #paintReadings() {
    const ui = this.ui;
    const task = this.#task;
    const { symbol, memory, output, asks, values } = this.#past.at(-1);
    ui.readings.forEach(({ bar, trace, value, wish, due }, k) => {
      const [asked, ...coming] = asks.map((ask) => ask[k]);
      const met = Math.abs(values[k] - asked) < 0.5;
      write(value, task.number(values[k], task.digits));
      write(wish, asked === null ? "asked –" : `asked ${task.number(asked)} ${met ? "✓" : "…"}`);
      const change = coming.findIndex((ask) => ask !== asked);
      const pending = change < 0 ? "nothing due" : `${task.number(coming[change])} due in ${change + 1}`;
      write(due, coming.length ? pending : "");
      bar.style.setProperty("--share", Math.max(0, Math.min(1, values[k])));
      paintTrace(trace, this.#past, k, task, this.colours);
    });
    if (!this.#diagram) return;
    this.#diagram.paint(memory, this.#past.at(-2)?.memory, symbol);
    const { wanted, got, differs } = task.verdict(memory, output);
    write(ui.wanted, wanted);
    write(ui.got, got);
    ui.verdict.classList.toggle("differs", differs);
    const fed = this.#past.slice(-FED).flatMap((step) => step.symbol ?? []);
    write(ui.present, fed.pop() ?? "");
    write(ui.fed, fed.join(""));
    write(ui.coming, this.#queue.join(""));
  }
}

customElements.define("rnnlab-player", Player);
