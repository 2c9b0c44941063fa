import { setText } from "./element.js";

const COLOURS = 8;

/** First letter on one of a few colours; the same name has the same colour on every page. */
export function showAvatar(node, name) {
  setText(node, firstLetterOf(name).toUpperCase());
  node.dataset.colour = String(hash(name) % COLOURS);
}

/** The first letter as a person counts letters: an emoji of several code points is one. */
function firstLetterOf(name) {
  if (typeof Intl.Segmenter !== "function") return [...name][0] ?? "";
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment ?? "";
}

function hash(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum;
}
