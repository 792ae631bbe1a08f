/* Numbers in words, as the players write them. Needs nothing. */

export const signed = (value, digits = 0) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);

export const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
