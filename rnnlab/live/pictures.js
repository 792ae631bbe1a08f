/* What a player draws: the phase portrait, and the time course of a bit. */

const TRAIL = 60; // steps of the trajectory kept in view
const TRACE = 100; // steps in a time course
const STREAMS = 48; // flow lines of a portrait
const STREAM_STEPS = 40;
const MANIFOLD_STEPS = 300; // at most, from a saddle to a stable point

/* Repeatable uniform numbers in (0, 1), so that a picture is the same each time (mulberry32). */
const uniform = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
};

const distance = (p, q) => Math.hypot(...p.map((value, i) => value - q[i]));

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

/* A cleared canvas and its pen in CSS pixels, at the resolution of the screen. */
const sheet = canvas => {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  const [w, h] = [width, height].map(length => Math.round(length * ratio));
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = pen.lineCap = "round";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const font = getComputedStyle(canvas).fontFamily;
  return { pen, width, height, font };
};

const line = (pen, places) => {
  pen.beginPath();
  places.forEach(({ x, y }) => pen.lineTo(x, y));
  pen.stroke();
};

const disc = (pen, { x, y }, radius) => {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
};

/* The states of a network in the plane or space of its principal components, with the fixed points under an input. */
class Portrait {
  #canvas;
  #network;
  #mean;
  #components;
  #byInput; // input → {points, unstable, labels}
  #corners; // the resting network's stable points
  #centre;
  #radius = 0; // of what is shown, in PCA space
  #turn = [0, 0]; // yaw and pitch
  #sways;
  #clock = 0;
  #flows = new Map(); // input → {lines, manifolds}, and what is still to be computed of them

  constructor(canvas, { dimension, pca, rest, portraits, starts }, network) {
    this.#canvas = canvas;
    this.#network = network;
    this.#mean = decode(pca.mean);
    this.#components = rows(decode(pca.components), network.size);
    this.#byInput = new Map(
      portraits.map(({ input, points, unstable, labels }) =>
        [input.join(), { points: rows(decode(points), dimension), unstable, labels }])
    );
    this.turns = dimension === 3;
    this.rest = this.under(rest);
    this.starts = rows(decode(starts), network.size); // the states of this.rest
    this.#sways = this.turns;
    this.#corners = this.#stable(this.rest);
    this.#centre = mixture(this.#corners, this.#corners.map(() => 1));
    if (this.turns) this.#turn = this.#clearestView();
  }

  /* The fixed points under an input, or undefined where they were not computed. */
  under(input) {
    return this.#byInput.get(input.join());
  }

  coordinates(state) {
    const offset = state.map((value, i) => value - this.#mean[i]);
    return Float64Array.from(this.#components, component => dot(component, 0, offset));
  }

  rotate(yaw, pitch) {
    const [yaw0, pitch0] = this.#view;
    this.#sways = false;
    this.#turn = [yaw0 + yaw, Math.max(-1.5, Math.min(1.5, pitch0 + pitch))];
  }

  /* The index of the resting network's fixed point that is drawn within a finger's width of (x, y), or −1. */
  nearest(x, y) {
    const project = this.#projection();
    const gaps = this.rest.points.map(point => {
      const place = project(point);
      return Math.hypot(place.x - x, place.y - y);
    });
    const least = Math.min(...gaps);
    return least < 20 ? gaps.indexOf(least) : -1;
  }

  /* Draw. past: steps {point, input}, the present last; phase: the part of the last step gone so far; input: that whose
     fixed points and flow are shown; clock: steps, in fractions, for what moves by itself, or null.
     Returns whether more is to be drawn. */
  paint({ past, phase, input, clock, colours }) {
    this.#clock = clock ?? this.#clock;
    const shown = this.under(input);
    const held = past.slice(-2).every(step => step.input.join() === input.join());
    const zooming = this.#zoom(held && shown ? [...this.#corners, ...this.#stable(shown)] : this.#corners);
    const flow = this.#flow(input);
    const project = this.#projection();
    const canvas = sheet(this.#canvas);
    const { pen } = canvas;
    const points = (shown?.points ?? []).map((point, i) =>
      ({ ...project(point), unstable: shown.unstable[i], label: shown.labels[i] }));
    points.sort((p, q) => p.toward - q.toward);

    this.#paintFlow(pen, flow, project, colours, clock);
    if (shown !== this.rest) {
      pen.globalAlpha = 0.8;
      this.#corners.forEach(point => disc(pen, project(point), 3));
    }
    this.#paintAxes(canvas, colours);
    const state = this.#paintTrail(pen, past.slice(-TRAIL).map(({ point }) => project(point)), phase, colours);
    this.#paintPoints(canvas, points, colours);
    pen.globalAlpha = 1;
    pen.fillStyle = colours.halo;
    disc(pen, state, 6.5);
    pen.fillStyle = colours.trajectory;
    disc(pen, state, 5);
    this.#paintLabels(canvas, points.filter(({ unstable }) => !unstable), colours);
    return zooming || flow.lines.length < STREAMS;
  }

  #stable({ points, unstable }) {
    return points.filter((_, i) => !unstable[i]);
  }

  /* The view, from a little above, in which the stable points stand furthest apart. */
  #clearestView() {
    let [widest, clearest] = [-1];
    for (let yaw = 0; yaw < 2 * Math.PI; yaw += Math.PI / 24)
      for (let pitch = 0.25; pitch < 0.9; pitch += 0.1) {
        const turn = turning([yaw, pitch]);
        const places = this.#corners.map(point => turn(...point).slice(0, 2));
        const gap = Math.min(...places.flatMap((p, i) => places.slice(0, i).map(q => distance(p, q))));
        if (gap > widest) [widest, clearest] = [gap, [yaw, pitch]];
      }
    return clearest;
  }

  /* A slight sway shows the depth, until the reader takes the picture in hand. */
  get #view() {
    return [this.#turn[0] + (this.#sways ? 0.25 * Math.sin(this.#clock / 20) : 0), this.#turn[1]];
  }

  /* Make room for points, smoothly; returns whether more is to be done. */
  #zoom(points) {
    const wanted = 1.1 * Math.max(...points.map(point => distance(point, this.#centre))) || 1;
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

  /* Under an input: flow lines from mixtures of the resting network's fixed points, which lie where the network lives;
     for the resting network also the unstable manifolds of the saddles that have but one unstable direction.
     A few more at each call, so that no frame waits for them. */
  #flow(input) {
    const key = input.join();
    if (!this.#flows.has(key)) {
      const resting = this.under(input) === this.rest;
      const saddles = this.starts.filter((_, i) => resting && this.rest.unstable[i] === 1);
      this.#flows.set(key, { lines: [], manifolds: [], saddles, random: uniform(1) });
    }
    const flow = this.#flows.get(key);
    const { lines, manifolds, saddles, random } = flow;
    const next = this.#network.at(input);
    const arrived = point => this.#corners.some(corner => distance(point, corner) < 0.02 * this.#radius);
    const still = (point, before) => distance(point, before) < 0.002 * this.#radius;
    for (const deadline = performance.now() + 6; lines.length < STREAMS && performance.now() < deadline; ) {
      if (saddles.length) {
        // Of any push only the part along the unstable direction survives; the opposite push goes the other way.
        const saddle = saddles.pop();
        const push = saddle.map(() => 0.02 * (random() - 0.5));
        for (const sign of [1, -1])
          manifolds.push(this.#orbit(next, saddle.map((value, i) => value + sign * push[i]), MANIFOLD_STEPS, arrived));
      } else {
        // Uneven weights: most mixtures then lie near one fixed point or between two.
        const start = mixture(this.starts, this.starts.map(() => (-Math.log(random())) ** 3));
        lines.push(this.#orbit(next, start, STREAM_STEPS, still));
      }
    }
    return flow;
  }

  #paintFlow(pen, { lines, manifolds }, project, colours, clock) {
    pen.globalAlpha = 0.7;
    pen.lineWidth = 1.25;
    pen.strokeStyle = colours.saddle1;
    manifolds.forEach(points => line(pen, points.map(project)));
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

  /* The trajectory, with a dot for each step; returns the place of the state. */
  #paintTrail(pen, places, phase, colours) {
    const last = places.length - 1;
    if (last > 0) places[last] = between(places[last - 1], places[last], phase);
    pen.lineWidth = 2;
    pen.strokeStyle = pen.fillStyle = colours.trajectory;
    for (let i = 0; i < last; i++) {
      pen.globalAlpha = 0.15 + (0.75 * (i + 1)) / places.length;
      line(pen, [places[i], places[i + 1]]);
      disc(pen, places[i], 2);
    }
    return places[last];
  }

  #paintPoints({ pen, font }, points, colours) {
    pen.lineWidth = 1.75;
    for (const point of points) {
      pen.globalAlpha = Math.max(0.35, Math.min(1, 0.8 + 0.35 * point.toward));
      pen.fillStyle = point.unstable ? colours.halo : colours.stable;
      disc(pen, point, 6.5 * point.size);
      if (!point.unstable) continue;
      pen.strokeStyle = pen.fillStyle = colours[`saddle${Math.min(point.unstable, 3)}`];
      pen.stroke();
      pen.font = `600 ${Math.round(9 * point.size)}px ${font}`;
      pen.fillText(point.unstable, point.x, point.y + 0.5);
    }
  }

  /* Names of points, on the side that looks away from the middle. */
  #paintLabels({ pen, font, width, height }, points, colours) {
    pen.font = `600 13px ${font}`;
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.fillStyle = colours.text;
    for (const { x, y, label } of points) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const away = 20 / (Math.hypot(dx, dy) || 1);
      pen.strokeText(label, x + dx * away, y + dy * away);
      pen.fillText(label, x + dx * away, y + dy * away);
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
      const [right, up] = turn(...[0, 1, 2].map(axis => Number(axis === k)));
      line(pen, [{ x, y }, { x: x + 20 * right, y: y - 20 * up }]);
      // An axis that points at the reader has no room for its name.
      if (Math.hypot(right, up) > 0.4) pen.fillText(`PC${k + 1}`, x + 32 * right, y - 28 * up);
    });
  }
}

const between = (p, q, part) => ({ x: p.x + part * (q.x - p.x), y: p.y + part * (q.y - p.y) });

/* The time course of the k-th bit: its input as bars, what is asked of it as a pale band, its output as a line. */
const paintTrace = (canvas, past, k, colours) => {
  const { pen, width, height } = sheet(canvas);
  const gap = (width - 6) / (TRACE - 1);
  const x = step => width - 4 - gap * (past.length - 1 - step);
  const y = value => height / 2 - 0.34 * height * Math.max(-1.4, Math.min(1.4, value));
  const fill = (share, colour, draw) => {
    pen.globalAlpha = share;
    pen.fillStyle = colour;
    pen.beginPath();
    past.forEach(draw);
    pen.fill();
  };
  fill(0.25, colours.trajectory, ({ asked }, step) => asked[k] && pen.rect(x(step) - gap, y(asked[k]) - 3, gap, 6));
  const thick = Math.max(gap, 3);
  fill(1, colours.input, ({ input }, step) => pen.rect(x(step) - thick, y(0), thick, y(input[k]) - y(0)));
  pen.globalAlpha = 0.35;
  pen.fillRect(0, height / 2, width, 1);
  pen.globalAlpha = 1;
  pen.lineWidth = 1.75;
  pen.strokeStyle = colours.trajectory;
  line(pen, past.map(({ output }, step) => ({ x: x(step), y: y(output[k]) })));
};
