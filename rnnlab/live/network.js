/* The network of a player's model: the recurrences of rnnlab/cells.py, in double precision.
 *
 * Needs nothing but the language, and `atob` for the base64 of the model's arrays.
 */

export const sigmoid = (a) => 1 / (1 + Math.exp(-a));

/* (M v)_row for a row-major matrix M. */
export const dot = (M, row, v) => {
  let sum = 0;
  for (let j = 0, k = row * v.length; j < v.length; j++, k++) sum += M[k] * v[j];
  return sum;
};

const affine = (M, v, b) => b.map((bias, i) => bias + dot(M, i, v));

/* The recurrences (a, weights, h) → h′ with a = W x + b; `pre(k, i)` is the argument of unit i's gate k. */
export const CELLS = {
  GRU(a, { U }, h) {
    const n = h.length;
    const pre = (k, i, v) => a[k * n + i] + dot(U, k * n + i, v);
    const rh = h.map((hi, i) => sigmoid(pre(1, i, h)) * hi);
    return h.map((hi, i) => hi + sigmoid(pre(0, i, h)) * (Math.tanh(pre(2, i, rh)) - hi));
  },
  GRUResetAfter(a, { U, c }, h) {
    const n = h.length;
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    return h.map((hi, i) => {
      const candidate = Math.tanh(a[2 * n + i] + sigmoid(pre(1, i)) * (dot(U, 2 * n + i, h) + c[i]));
      return hi + sigmoid(pre(0, i)) * (candidate - hi);
    });
  },
  LSTM(a, { U }, state) {
    const n = state.length / 2;
    const h = state.subarray(0, n);
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    const next = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      next[n + i] = sigmoid(pre(1, i)) * state[n + i] + sigmoid(pre(0, i)) * Math.tanh(pre(2, i));
      next[i] = sigmoid(pre(3, i)) * Math.tanh(next[n + i]);
    }
    return next;
  },
  UGRNN(a, { U }, h) {
    const n = h.length;
    const pre = (k, i) => a[k * n + i] + dot(U, k * n + i, h);
    return h.map((hi, i) => {
      const c = Math.tanh(pre(1, i));
      return c + sigmoid(pre(0, i)) * (hi - c);
    });
  },
  VanillaRNN: (a, { U }, h) => h.map((_, i) => Math.tanh(a[i] + dot(U, i, h))),
  PreActivationRNN(a, { U }, h) {
    const r = h.map(Math.tanh);
    return h.map((_, i) => a[i] + dot(U, i, r));
  },
  RateRNN(a, weights, h) {
    const next = CELLS.PreActivationRNN(a, weights, h);
    return h.map((hi, i) => hi + weights.rate * (next[i] - hi));
  },
  LowRankRNN(a, weights, h) {
    const overlaps = overlapsOf(h, weights);
    return h.map((hi, i) => hi + weights.rate * (a[i] + dot(weights.m, i, overlaps) - hi));
  },
};
const CURRENTS = ["PreActivationRNN", "RateRNN", "LowRankRNN"]; // whose state is the current before the tanh that is read out

/* nᵀ tanh(h) / N of a low-rank network, R numbers. */
const overlapsOf = (h, { n }) => {
  const overlaps = new Float64Array(n.length / h.length);
  h.forEach((hi, i) => {
    const r = Math.tanh(hi) / h.length;
    overlaps.forEach((_, k) => (overlaps[k] += n[i * overlaps.length + k] * r));
  });
  return overlaps;
};

/* Base64 of little-endian floats, tagged by their type, to doubles. */
export const decode = ({ f4, f8 }) => {
  const bytes = Uint8Array.from(atob(f4 ?? f8), (c) => c.charCodeAt(0)).buffer;
  return Float64Array.from(f4 === undefined ? new Float64Array(bytes) : new Float32Array(bytes));
};

export const rows = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));

const decodeAll = (arrays) => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, decode(array)]));

export class Network {
  #output; // of a state: what a readout sees
  constructor({ cell, units, size, rate, weights, readout }) {
    Object.assign(this, { units, size, next: CELLS[cell], readout: decodeAll(readout) });
    this.weights = { b: new Float64Array(units), rate, ...decodeAll(weights) }; // a low-rank network has no bias
    this.#output = CURRENTS.includes(cell) ? (h) => h.map(Math.tanh) : (h) => h.subarray(0, units);
  }
  /* The map h → h′ under a constant input. */
  at(input) {
    const a = affine(this.weights.W, input, this.weights.b);
    return (h) => this.next(a, this.weights, h);
  }
  read(state) {
    return affine(this.readout.V, this.#output(state), this.readout.c);
  }
}
