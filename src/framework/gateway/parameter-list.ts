/** How a parameter is written in the source of its method. */
export interface WrittenParameter {
  readonly name: string;
  readonly isRest: boolean;
  readonly hasDefault: boolean;
}

const OPENING = "([{";
const CLOSING = ")]}";
const QUOTES = "\"'`";

/**
 * Reads a method's parameter list from its source: type metadata tells neither names nor rest parameters nor defaults.
 *
 * @returns `undefined` when the function is not the method as written (a wrapper put there by another decorator, a bound
 * or native function): nothing can be said then.
 */
export function readParameterList(method: unknown, name: string | symbol): readonly WrittenParameter[] | undefined {
  if (typeof method !== "function" || (typeof name === "string" && method.name !== name)) return undefined;
  const source = Function.prototype.toString.call(method);
  const start = listStart(source);
  if (start === -1 || source.endsWith("{ [native code] }")) return undefined;
  return splitParameters(source.slice(start + 1)).map(toParameter);
}

/** Where the parentheses of the list open; those in a computed or quoted name are skipped over. */
function listStart(source: string): number {
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (character === "(" && depth === 0) return index;
    if (OPENING.includes(character)) depth++;
    if (CLOSING.includes(character)) depth--;
    index = skippedUntil(source, index) - 1;
  }
  return -1;
}

/** Splits at the commas between parameters; brackets and texts in defaults and patterns are skipped over. */
function splitParameters(source: string): string[] {
  const parts: string[] = [];
  let current = "";
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (CLOSING.includes(character) && depth === 0) break;
    if (OPENING.includes(character)) depth++;
    if (CLOSING.includes(character)) depth--;
    const end = skippedUntil(source, index);
    if (character === "," && depth === 0) {
      parts.push(current);
      current = "";
    } else {
      current += source.slice(index, end);
    }
    index = end - 1;
  }
  return [...parts, current].map((part) => part.trim()).filter((part) => part !== "");
}

/** Where the text or comment that begins at `index` ends; the next character when none begins there. */
function skippedUntil(source: string, index: number): number {
  const character = source.charAt(index);
  if (source.startsWith("/*", index)) return endOf(source.indexOf("*/", index + 2), 2, source);
  if (source.startsWith("//", index)) return endOf(source.indexOf("\n", index), 1, source);
  if (!QUOTES.includes(character)) return index + 1;
  let end = index + 1;
  while (end < source.length && source.charAt(end) !== character) end += source.charAt(end) === "\\" ? 2 : 1;
  return end + 1;
}

function endOf(found: number, length: number, source: string): number {
  return found === -1 ? source.length : found + length;
}

function toParameter(text: string): WrittenParameter {
  const written = text.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, "").trim();
  return {
    name: /^(?:\.\.\.\s*)?([\w$]+)/.exec(written)?.[1] ?? "",
    isRest: written.startsWith("..."),
    hasDefault: /^(?:[\w$]+|[{[][^]*[\]}])\s*=(?!>)/.test(written),
  };
}
