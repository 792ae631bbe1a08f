/* What players draw with: sheets, lines and points, trails, and the time course of an output.
 *
 * Needs canvases in a page, and the colours of a player as live.js gives them.
 */

export const TRAIL = 60; // steps of the trajectory kept in view

/* Repeatable uniform numbers in (0, 1), so that a picture is the same each time (mulberry32). */
export const uniform = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
};

export const distance = (p, q) => Math.hypot(...p.map((value, i) => value - q[i]));

/* A cleared canvas and its pen in CSS pixels, at the resolution of the screen. */
export const sheet = (canvas) => {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  const [w, h] = [width, height].map((length) => Math.round(length * ratio));
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

export const line = (pen, places) => {
  pen.beginPath();
  places.forEach(({ x, y }) => pen.lineTo(x, y));
  pen.stroke();
};

export const disc = (pen, { x, y }, radius) => {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
};

/* Draw within a rectangle alone. */
export const clipped = (pen, x, y, width, height, draw) => {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  draw();
  pen.restore();
};

export const between = (p, q, part) => ({ x: p.x + part * (q.x - p.x), y: p.y + part * (q.y - p.y) });

/* Places of which the last is reached in part. */
export const underWay = (places, part) =>
  places.length > 1 ? [...places.slice(0, -1), between(places.at(-2), places.at(-1), part)] : places;

/* A trajectory, stronger toward its end, with a dot for each step but the last. */
export const paintTrail = (pen, places, colours) => {
  pen.lineWidth = 2;
  pen.strokeStyle = pen.fillStyle = colours.trajectory;
  for (let i = 0; i + 1 < places.length; i++) {
    pen.globalAlpha = 0.15 + (0.75 * (i + 1)) / places.length;
    line(pen, [places[i], places[i + 1]]);
    disc(pen, places[i], 2);
  }
};

export const paintState = (pen, place, colours, radius = 5) => {
  pen.globalAlpha = 1;
  pen.fillStyle = colours.halo;
  disc(pen, place, radius + 1.5);
  pen.fillStyle = colours.trajectory;
  disc(pen, place, radius);
};

/* A fixed point: a disc if it is stable, else a ring around the number of its unstable directions. */
export const paintPoint = ({ pen, font }, { x, y, size = 1 }, unstable, colours) => {
  pen.lineWidth = 1.75;
  pen.fillStyle = unstable ? colours.halo : colours.stable;
  disc(pen, { x, y }, 6.5 * size);
  if (!unstable) return;
  pen.strokeStyle = pen.fillStyle = colours[`saddle${Math.min(unstable, 3)}`];
  pen.stroke();
  pen.font = `600 ${Math.round(9 * size)}px ${font}`;
  pen.fillText(unstable, x, y + 0.5);
};

export const diamond = (pen, { x, y }, radius) => {
  pen.beginPath();
  for (const [dx, dy] of [[-1, 0], [0, -1], [1, 0], [0, 1]]) pen.lineTo(x + radius * dx, y + radius * dy);
  pen.closePath();
  pen.fill();
};

/* The time course of a row of the panel: what is said to it as bars, what is asked of it as a pale band, which goes on
   for the steps that are already decided, and its value as a line. */
export const paintTrace = (canvas, past, k, { range: [low, high], span }, colours) => {
  const { pen, width, height } = sheet(canvas);
  const gap = (width - 6) / (span - 1);
  const coming = past.at(-1).asks.slice(1);
  const x = (step) => width - 4 - gap * (past.length - 1 + coming.length - step);
  const part = (value) => Math.max(-0.2, Math.min(1.2, (value - low) / (high - low)));
  const y = (value) => height * (0.84 - 0.68 * part(value));
  const fill = (share, colour, steps, draw) => {
    pen.globalAlpha = share;
    pen.fillStyle = colour;
    pen.beginPath();
    steps.forEach(draw);
    pen.fill();
  };
  const asked = [...past.map(({ asks }) => asks[0][k]), ...coming.map((asks) => asks[k])];
  fill(0.25, colours.trajectory, asked, (ask, step) => ask !== null && pen.rect(x(step) - gap, y(ask) - 3, gap, 6));
  const thick = Math.max(gap, 3);
  const bars = past.map(({ bars }) => bars[k]);
  fill(1, colours.input, bars, (bar, step) => pen.rect(x(step) - thick, y(0), thick, y(bar) - y(0)));
  pen.globalAlpha = 0.35;
  pen.fillRect(0, y(0), width, 1);
  pen.globalAlpha = 1;
  pen.lineWidth = 1.75;
  pen.strokeStyle = colours.trajectory;
  line(pen, past.map(({ values }, step) => ({ x: x(step), y: y(values[k]) })));
};
