const SVG = "http://www.w3.org/2000/svg";

/** Makes an element; strings among the children become text, never markup. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Changes text only when it differs, so that live regions and selections are left alone. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const nodesOf = new WeakMap();

/**
 * Makes a list show `items`, in order, keeping the node of every item that stays: focus, selection and screen readers
 * see only what really changed.
 */
export function syncList(list, items, { key, create, update }) {
  const before = nodesOf.get(list) ?? new Map();
  const after = new Map();
  let previous = null;
  items.forEach((item, index) => {
    const node = before.get(key(item)) ?? create(item);
    update(node, item, items[index - 1]);
    const place = previous === null ? list.firstChild : previous.nextSibling;
    if (node !== place) list.insertBefore(node, place);
    after.set(key(item), node);
    previous = node;
  });
  for (const [name, node] of before) if (!after.has(name)) node.remove();
  nodesOf.set(list, after);
}
