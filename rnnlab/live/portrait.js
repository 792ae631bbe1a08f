/* The phase portrait of a network at its task: fixed points, cycles, flow, and the state on its way.
 *
 * Needs a canvas in a page, the model's "pca" and "portraits", and the network and the task that were made of it.
 */

import { reducedMotion } from "./live.js";
import { decode, dot, rows } from "./network.js";
import {
  between,
  diamond,
  disc,
  distance,
  line,
  paintPoint,
  paintState,
  paintTrail,
  sheet,
  TRAIL,
  underWay,
  uniform,
} from "./pictures.js";

const STREAMS = 48; // flow lines of a portrait
const STREAM_STEPS = 40; // at most, and
const STREAM_REACH = 2; // radii of the picture: where states leap, as along a cycle, lines would hide all else
const REACHED = 100; // states that short words lead to, at least
const MIXED = 8; // states in the mixture at which a flow line begins
const MANIFOLD_STEPS = 300; // at most, from a saddle to a stable point

/* Where a portrait's states can stay: its stable points, and the points of its cycles. */
const attractors = (
  { points, unstable, cycles },
) => [...points.filter((_, i) => !unstable[i]), ...cycles.flatMap((cycle) => cycle.points)];

/* The weighted mean of vectors. */
const mixture = (vectors, weights) => {
  const total = weights.reduce((sum, weight) => sum + weight);
  return vectors[0].map((_, i) => vectors.reduce((sum, vector, k) => sum + (weights[k] / total) * vector[i], 0));
};

/* Turns points (x, y, z) by yaw about the y axis, then by pitch about the x axis: right, up, toward the reader. */
const turning = ([yaw, pitch]) => {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return (x, y, z) => {
    const toward = z * cy - x * sy;
    return [x * cy + z * sy, y * cp - toward * sp, y * sp + toward * cp];
  };
};

/* The states of a network in the plane or space of its principal components, with what they tend to under a symbol. */
export class Portrait {
  #canvas;
  #next; // symbol → map h → h′
  #mean;
  #components;
  #bySymbol;
  #rest; // the portrait of the symbol at which nothing is pressed, if there is one
  #lasting; // points of the attractors at rest; without rest, under any symbol
  #initial; // the point of the zero state, where words begin: without rest
  #corners; // points that are always in view
  #seeds; // states of which flow lines begin at mixtures
  #centre;
  #radius = 0; // of what is shown, in PCA space
  #turn = [0, 0]; // yaw and pitch
  #sways;
  #clock = 0;
  #flows = new Map(); // symbol → {lines, manifolds}, and what is still to be computed of them

  constructor(canvas, { dimension, pca, portraits }, network, task) {
    this.#canvas = canvas;
    this.#next = (symbol) => network.at(task.input(symbol));
    this.#mean = decode(pca.mean);
    this.#components = rows(decode(pca.components), network.size);
    const placed = ({ states, ...about }) => {
      const vectors = rows(decode(states), network.size);
      return { states: vectors, points: vectors.map((state) => this.coordinates(state)), ...about };
    };
    const all = portraits.map((portrait) => ({
      ...placed(portrait),
      slow: placed(portrait.slow),
      cycles: portrait.cycles.map(placed),
    }));
    this.#bySymbol = new Map(all.map((portrait) => [String(task.symbols[portrait.symbol]), portrait]));
    this.turns = dimension === 3;
    this.#rest = task.rest && this.under(task.rest);
    this.#lasting = (this.#rest ? [this.#rest] : all).flatMap(attractors);
    const reached = this.#rest ? [] : this.#reached(new Float64Array(network.size), task.symbols);
    const reachedPoints = reached.map((state) => this.coordinates(state));
    this.#initial = reachedPoints[0];
    this.#corners = [...this.#lasting, ...reachedPoints];
    this.#sways = this.turns;
    this.#centre = this.#components.map((_, axis) => {
      const values = this.#corners.map((point) => point[axis]);
      return (Math.min(...values) + Math.max(...values)) / 2;
    });
    const known = all.flatMap(({ states, cycles }) => [...states, ...cycles.flatMap((cycle) => cycle.states)]);
    const extent = Math.max(...this.#corners.map((point) => distance(point, this.#centre)));
    this.#seeds = this.#apart([...known, ...reached], 0.1 * extent);
    if (this.turns) this.#turn = this.#clearestView();
  }

  /* {states, points, unstable, labels, slow, cycles} under a symbol, or undefined where they were not computed. */
  under(symbol) {
    return this.#bySymbol.get(String(symbol));
  }

  coordinates(state) {
    const offset = state.map((value, i) => value - this.#mean[i]);
    return Float64Array.from(this.#components, (component) => dot(component, 0, offset));
  }

  /* A state and those that all short words lead to from it. */
  #reached(state, symbols) {
    const maps = symbols.map((symbol) => this.#next(symbol));
    const reached = [state];
    for (let i = 0; reached.length < REACHED; i++) reached.push(...maps.map((next) => next(reached[i])));
    return reached;
  }

  /* States without those that come close to an earlier one in the picture. */
  #apart(states, gap) {
    const points = [];
    return states.filter((state) => {
      const point = this.coordinates(state);
      return points.every((other) => distance(other, point) > gap) && points.push(point);
    });
  }

  rotate(yaw, pitch) {
    const [yaw0, pitch0] = this.#view;
    this.#sways = false;
    this.#turn = [yaw0 + yaw, Math.max(-1.5, Math.min(1.5, pitch0 + pitch))];
  }

  /* The index of the fixed point under a symbol that is drawn within a finger's width of (x, y), or −1. */
  nearest(x, y, symbol) {
    const project = this.#projection();
    const gaps = (this.under(symbol)?.points ?? []).map((point) => {
      const place = project(point);
      return Math.hypot(place.x - x, place.y - y);
    });
    const least = Math.min(...gaps);
    return least < 20 ? gaps.indexOf(least) : -1;
  }

  /* Draw. past: steps {point, symbol}, the present last; phase: the part of the last step gone so far; symbol: that
     whose fixed points, cycles and flow are shown; clock: steps, in fractions, for what moves by itself, or null.
     Returns whether more is to be drawn. */
  paint({ past, phase, symbol, clock, colours }) {
    this.#clock = clock ?? this.#clock;
    const shown = this.under(symbol);
    const held = past.slice(-2).every((step) => String(step.symbol) === String(symbol));
    const zooming = this.#zoom(held && shown ? [...this.#corners, ...attractors(shown)] : this.#corners);
    const flow = this.#flow(symbol);
    const project = this.#projection();
    const canvas = sheet(this.#canvas);
    const { pen } = canvas;
    const points = (shown?.points ?? []).map((point, i) => ({
      ...project(point),
      unstable: shown.unstable[i],
      label: shown.labels[i],
    }));
    points.sort((p, q) => p.toward - q.toward);
    const cycles = (shown?.cycles ?? []).map(({ points, labels }) =>
      points.map((point, i) => ({ ...project(point), label: labels[i] }))
    );

    this.#paintFlow(pen, flow, project, colours, clock);
    if (!this.#rest || shown !== this.#rest) {
      pen.globalAlpha = 0.8;
      this.#lasting.forEach((point) => disc(pen, project(point), 3));
    }
    this.#paintAxes(canvas, colours);
    this.#paintCycles(pen, cycles, colours);
    pen.fillStyle = colours.slow;
    for (const place of (shown?.slow.points ?? []).map(project)) diamond(pen, place, 6 * place.size);
    if (this.#initial) this.#paintStar(pen, project(this.#initial), colours);
    const trail = underWay(past.slice(-TRAIL).map(({ point }) => project(point)), phase);
    paintTrail(pen, trail, colours);
    for (const point of points) {
      pen.globalAlpha = Math.max(0.35, Math.min(1, 0.8 + 0.35 * point.toward));
      paintPoint(canvas, point, point.unstable, colours);
    }
    paintState(pen, trail.at(-1), colours);
    this.#paintLabels(canvas, [...points.filter(({ unstable }) => !unstable), ...cycles.flat()], colours);
    return zooming || flow.lines.length < STREAMS;
  }

  /* The view, from a little above, in which the attractors stand furthest apart. */
  #clearestView() {
    let [widest, clearest] = [-1];
    for (let yaw = 0; yaw < 2 * Math.PI; yaw += Math.PI / 24) {
      for (let pitch = 0.25; pitch < 0.9; pitch += 0.1) {
        const turn = turning([yaw, pitch]);
        const places = this.#lasting.map((point) => turn(...point).slice(0, 2));
        const gap = Math.min(...places.flatMap((p, i) => places.slice(0, i).map((q) => distance(p, q))));
        if (gap > widest) [widest, clearest] = [gap, [yaw, pitch]];
      }
    }
    return clearest;
  }

  /* A slight sway shows the depth, until the reader takes the picture in hand. */
  get #view() {
    return [this.#turn[0] + (this.#sways ? 0.25 * Math.sin(this.#clock / 20) : 0), this.#turn[1]];
  }

  /* Make room for points, smoothly; returns whether more is to be done. */
  #zoom(points) {
    const wanted = 1.1 * Math.max(...points.map((point) => distance(point, this.#centre))) || 1;
    const near = Math.abs(wanted - this.#radius) < 1e-3 * wanted;
    const jump = near || !this.#radius || reducedMotion.matches;
    this.#radius = jump ? wanted : this.#radius + 0.12 * (wanted - this.#radius);
    return !jump;
  }

  /* Points of PCA space to {x, y, size, toward}: pixels, magnification, and height above the page. */
  #projection() {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = (0.42 * Math.min(clientWidth, clientHeight)) / this.#radius;
    const turn = turning(this.#view);
    const [cx, cy, cz] = this.#centre;
    return ([px, py, pz]) => {
      const [right, up, toward] = turn(px - cx, py - cy, this.turns ? pz - cz : 0);
      const size = 1 / (1 - (0.25 * toward) / this.#radius);
      const [x, y] = [clientWidth / 2 + scale * size * right, clientHeight / 2 - scale * size * up];
      return { x, y, size, toward: toward / this.#radius };
    };
  }

  /* The orbit from a state, projected, until `done(point, point before)`. */
  #orbit(next, state, steps, done) {
    const points = [this.coordinates(state)];
    do {
      state = next(state);
      points.push(this.coordinates(state));
    } while (points.length < steps && !done(points.at(-1), points.at(-2)));
    return points;
  }

  /* Under a symbol: flow lines from mixtures of all known states, which lie where the network lives; also the unstable
     manifolds of the saddles that have but one unstable direction, unless a pulse is on, which will not last.
     A few more at each call, so that no frame waits for them. */
  #flow(symbol) {
    const shown = this.under(symbol);
    const key = String(symbol);
    if (!this.#flows.has(key)) {
      const lasts = shown && (!this.#rest || shown === this.#rest);
      const saddles = lasts ? shown.states.filter((_, i) => shown.unstable[i] === 1) : [];
      this.#flows.set(key, { lines: [], manifolds: [], saddles, random: uniform(1) });
    }
    const flow = this.#flows.get(key);
    const { lines, manifolds, saddles, random } = flow;
    const next = this.#next(symbol);
    const ends = shown ? attractors(shown) : [];
    const arrived = (point) => ends.some((end) => distance(point, end) < 0.02 * this.#radius);
    const still = (point, before) => distance(point, before) < 0.002 * this.#radius;
    for (const deadline = performance.now() + 6; lines.length < STREAMS && performance.now() < deadline;) {
      if (saddles.length) {
        // Of any push only the part along the unstable direction survives; the opposite push goes the other way.
        const saddle = saddles.pop();
        const push = saddle.map(() => 0.02 * (random() - 0.5));
        for (const sign of [1, -1]) {
          manifolds.push(this.#orbit(next, saddle.map((value, i) => value + sign * push[i]), MANIFOLD_STEPS, arrived));
        }
      } else {
        // Uneven weights: most mixtures then lie near one state or between two.
        const drawn = Array.from({ length: MIXED }, () => this.#seeds[Math.floor(random() * this.#seeds.length)]);
        const start = mixture(drawn, drawn.map(() => (-Math.log(random())) ** 3));
        let reach = STREAM_REACH * this.#radius;
        const done = (point, before) =>
          arrived(point) || still(point, before) || (reach -= distance(point, before)) < 0;
        lines.push(this.#orbit(next, start, STREAM_STEPS, done));
      }
    }
    return flow;
  }

  #paintFlow(pen, { lines, manifolds }, project, colours, clock) {
    pen.globalAlpha = 0.7;
    pen.lineWidth = 1.25;
    pen.strokeStyle = colours.saddle1;
    manifolds.forEach((points) => line(pen, points.map(project)));
    pen.lineWidth = 1;
    pen.strokeStyle = pen.fillStyle = colours.flow;
    lines.forEach((points, i) => {
      const places = points.map(project);
      pen.globalAlpha = 0.55;
      line(pen, places);
      if (clock === null) return;
      // A dot rides along the line, one iterate of the map per step of the network, and rests a while.
      const at = (clock + 7 * i) % (points.length + 8);
      pen.globalAlpha = 1;
      if (at < points.length - 1) disc(pen, between(places[Math.floor(at)], places[Math.floor(at) + 1], at % 1), 1.8);
    });
  }

  #paintCycles(pen, cycles, colours) {
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = pen.fillStyle = colours.cycle;
    for (const places of cycles) {
      line(pen, [...places, places[0]]);
      places.forEach((place) => disc(pen, place, 5.5 * place.size));
    }
  }

  #paintStar(pen, { x, y }, colours) {
    pen.globalAlpha = 1;
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.fillStyle = colours.text;
    pen.beginPath();
    for (let k = 0; k < 10; k++) {
      const [radius, angle] = [k % 2 ? 5 : 12, (k * Math.PI) / 5];
      pen.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
    }
    pen.closePath();
    pen.stroke();
    pen.fill();
  }

  /* Names of points, on the side that looks away from the middle. */
  #paintLabels({ pen, font, width, height }, points, colours) {
    pen.font = `600 13px ${font}`;
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.fillStyle = colours.text;
    for (const { x, y, label } of points) {
      const half = pen.measureText(label).width / 2;
      const angle = Math.atan2(y - height / 2, x - width / 2);
      const right = x + (12 + half) * Math.cos(angle);
      const place = [Math.max(half, Math.min(width - half, right)), y + 20 * Math.sin(angle)];
      pen.strokeText(label, ...place);
      pen.fillText(label, ...place);
    }
  }

  /* The directions of the principal components, in the lower left corner. */
  #paintAxes({ pen, font, height }, colours) {
    const [x, y] = [46, height - 42];
    const turn = turning(this.#view);
    pen.globalAlpha = 0.7;
    pen.lineWidth = 1;
    pen.strokeStyle = pen.fillStyle = colours.text;
    pen.font = `10px ${font}`;
    this.#components.forEach((_, k) => {
      const [right, up] = turn(...[0, 1, 2].map((axis) => Number(axis === k)));
      line(pen, [{ x, y }, { x: x + 20 * right, y: y - 20 * up }]);
      // An axis that points at the reader has no room for its name.
      if (Math.hypot(right, up) > 0.4) pen.fillText(`PC${k + 1}`, x + 32 * right, y - 28 * up);
    });
  }
}
