/* Elements of a page: to make them, and to write into them. Needs a document. */

/* Write only what changes: a live region speaks, and a page is laid out, at each write. */
export const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/* An element from its tag, properties (or attributes) and children. */
export const make = (tag, properties, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    name in element ? (element[name] = value) : element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
