/* The tasks of rnnlab/tasks, as a page needs them: what can be said to a network, and what is then asked of it.
 *
 * Needs the model's "task", as rnnlab/live/tasks.py exported it, and no page.
 *
 * A symbol is an array with one value for each channel of buttons: the bits of a pulse, or the one symbol of an
 * automaton. A memory is all that a task has to know of the symbols said so far; memories are never changed.
 * Each output of a network has a row in the panel, or, where the output says a state of bits, each bit.
 */

import { decode, rows } from "./network.js";
import { signed } from "./words.js";

const largest = (values) => values.indexOf(Math.max(...values));

class Task {
  #inputs; // symbol → vector

  constructor({ channels, rest, symbols, inputs }) {
    Object.assign(this, { channels, rest, symbols });
    const vectors = decode(inputs);
    const table = rows(vectors, vectors.length / symbols.length);
    this.#inputs = new Map(symbols.map((symbol, i) => [String(symbol), table[i]]));
  }

  /* Whether what the network says differs from what is asked, and both in words. */
  verdict() {
    return { differs: false };
  }

  /* The network's input for a symbol. */
  input(symbol) {
    const input = this.#inputs.get(String(symbol));
    if (input) return input;
    const known = this.symbols.slice(0, 3).map(String).join(" or ");
    throw new RangeError(`the task has symbols such as ${known}, not ${symbol}`);
  }
}

class FlipFlop extends Task {
  range = [-1, 1]; // of the answers
  span = 100; // steps of the time courses
  modes = {
    one: { label: "Pulse", hint: "Each press is one time step of input." },
    several: { label: "Several", hint: "Choose bits, then send them together for one time step." },
    hold: { label: "Hold", hint: "The chosen input stays on. The picture shows its own fixed points." },
  };
  #states; // that the outputs stand for, if each stands for one

  constructor({ delay, states, ...shared }) {
    super(shared);
    this.#states = states;
    this.digits = states ? 0 : 2;
    this.names = this.channels.map(({ name }) => name);
    this.start = this.unknown = this.#always(this.rest.map(() => null), delay);
  }

  #always(bits, delay = this.start.length - 1) {
    return Array(delay + 1).fill(bits);
  }

  /* A memory is the bits at d steps ago, …, at the present: ±1, or null before their first pulse. */
  after(memory, symbol) {
    return [...memory.slice(1), memory.at(-1).map((bit, k) => symbol[k] || bit)];
  }

  /* The memory of a network that has said an output for long. */
  recall(output) {
    return this.#always(this.values(output).map(Math.sign));
  }

  /* What is asked of the rows, now and at the coming steps as far as they are decided. */
  asks(memory) {
    return memory;
  }

  /* What the rows show of an output. */
  values(output) {
    return this.#states?.[largest(output)] ?? Array.from(output);
  }

  answer(output) {
    return this.values(output).map((value) => (value < 0 ? "−" : "+")).join("");
  }

  /* What is said to the rows. */
  bars(symbol) {
    return symbol ?? this.rest;
  }

  number(value, digits) {
    return signed(value, digits);
  }

  written(symbol) {
    const labels = this.channels.map(({ buttons }, k) => buttons.find(({ value }) => value === symbol[k])?.label ?? 0);
    return `input (${labels.join(", ")})`;
  }
}

class Automaton extends Task {
  range = [0, 1];
  span = 40;
  digits = 2;
  modes = {
    one: { label: "Once", hint: "Press a symbol or type a word. Each symbol is one time step." },
    hold: { label: "Hold", hint: "The chosen symbol is fed at every step." },
  };
  unknown = { state: null, answer: null };
  #machine;

  constructor({ start, next, answer, answers, diagram, ...shared }) {
    super(shared);
    this.#machine = { next, answer };
    this.names = answers;
    this.diagram = diagram;
    this.start = { state: start, answer: null };
  }

  /* A memory is the machine's state, and its answer after at least one symbol. */
  after({ state }, [symbol]) {
    if (state === null) return this.unknown;
    return this.#at(this.#machine.next[state][symbol]);
  }

  /* The machine's state, if there is but one with this answer. */
  recall(output) {
    const { answer } = this.#machine;
    const said = largest(output);
    return answer.indexOf(said) === answer.lastIndexOf(said) ? this.#at(answer.indexOf(said)) : this.unknown;
  }

  #at(state) {
    return { state, answer: this.#machine.answer[state] };
  }

  asks({ answer }) {
    return [this.names.map((_, k) => (answer === null ? null : Number(k === answer)))];
  }

  values(output) {
    return Array.from(output);
  }

  answer(output) {
    return this.names[largest(output)];
  }

  verdict({ state, answer }, output) {
    const network = `Network: ${this.answer(output)}`;
    if (state === null) return { wanted: "Machine: state not known, Reset starts it", got: network, differs: false };
    const { name } = this.diagram.nodes[state];
    if (answer === null) return { wanted: `Machine: starts in ${name}`, got: "Network: no symbol yet", differs: false };
    const asked = this.names[answer];
    const differs = asked !== this.answer(output);
    return {
      wanted: asked === name ? `Machine: ${name}` : `Machine: ${name}, ${asked}`,
      got: `${network} ${differs ? "✗ differs" : "✓"}`,
      differs,
    };
  }

  bars() {
    return this.names.map(() => 0);
  }

  number(value, digits) {
    const text = value.toFixed(digits);
    return Number(text) < 0 ? signed(value, digits) : text.replace("-", "");
  }

  written(symbol) {
    return `symbol ${symbol}`;
  }
}

export const TASKS = { "flip-flop": FlipFlop, automaton: Automaton };
