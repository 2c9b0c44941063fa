import { spanOf, type Span } from "./syntax.js";
import { applyEdits, type TextEdit } from "./text-edits.js";

type Node = Parameters<typeof spanOf>[0];

/** A list literal or an object literal, and what it holds. */
export interface Literal {
  readonly node: Node;
  readonly items: readonly (Node | null)[];
}

/** What is added to a literal. */
export interface Addition {
  readonly text: string;
  /** Whether it goes before the others; default: after them. */
  readonly isFirst?: boolean;
  /** Between the brackets and a single item. */
  readonly padding?: string;
}

/** The edits that add an item, on a line of its own where the others have one; comments stay where they are. */
export function addItem(source: string, literal: Literal, comments: readonly Span[], addition: Addition): TextEdit[] {
  const { start, end } = spanOf(literal.node);
  const spans = literal.items.filter((item) => item !== null).map(spanOf);
  const [first] = spans;
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return fill(source, { start, end }, addition);
  const isSpread = source.slice(start, first.start).includes("\n");
  if (addition.isFirst === true) {
    const { text } = addition;
    return isSpread
      ? [{ start: start + 1, text: `\n${indentAt(source, first.start)}${text},` }]
      : [{ start: first.start, text: `${text}, ` }];
  }
  const comma = withoutComments(source, comments).slice(last.end, end).indexOf(",");
  const tail = { first, end: last.end, comma: comma < 0 ? undefined : last.end + comma, limit: end - 1 };
  return isSpread ? appendLine(source, tail, addition) : appendBeside(tail, addition);
}

/** Puts each item of a literal on its own line where the line it stands on is too long, as prettier does. */
export function breakLongLine(
  source: string,
  { node, items }: Literal,
  { comments, printWidth }: { readonly comments: readonly Span[]; readonly printWidth: number },
): string {
  const { start, end } = spanOf(node);
  const literal = source.slice(start, end);
  const isCommented = comments.some((comment) => comment.start > start && comment.end < end);
  if (literal.includes("\n") || isCommented || lineAt(source, start).length <= printWidth) return source;
  const indent = indentAt(source, start);
  const lines = items
    .filter((item) => item !== null)
    .map(spanOf)
    .map((item) => `${indent}${indentUnit(source)}${source.slice(item.start, item.end)},\n`);
  return applyEdits(source, [{ start: start + 1, end: end - 1, text: `\n${lines.join("")}${indent}` }]);
}

function fill(source: string, { start, end }: Span, { text, padding = "" }: Addition): TextEdit[] {
  const inner = source.slice(start + 1, end - 1);
  if (inner.trim() === "") return [{ start: start + 1, end: end - 1, text: `${padding}${text}${padding}` }];
  const indent = indentAt(source, start);
  const at = start + 1 + inner.trimEnd().length;
  return [{ start: at, end: end - 1, text: `\n${indent}${indentUnit(source)}${text},\n${indent}` }];
}

interface Tail {
  readonly first: Span;
  /** Where the last item ends. */
  readonly end: number;
  /** Where the comma after it stands. */
  readonly comma: number | undefined;
  /** Where the closing bracket stands. */
  readonly limit: number;
}

function appendBeside({ end, comma }: Tail, { text }: Addition): TextEdit[] {
  return comma === undefined ? [{ start: end, text: `, ${text}` }] : [{ start: comma + 1, text: ` ${text},` }];
}

function appendLine(source: string, { first, end, comma, limit }: Tail, { text }: Addition): TextEdit[] {
  const after = comma === undefined ? end : comma + 1;
  // A comment behind the last item belongs to it.
  const lineEnd = source.indexOf("\n", after);
  const at = lineEnd < 0 || lineEnd > limit ? after : lineEnd;
  const line: TextEdit = {
    start: at,
    text: `\n${indentAt(source, first.start)}${text}${comma === undefined ? "" : ","}`,
  };
  return comma === undefined ? [{ start: end, text: "," }, line] : [line];
}

function withoutComments(source: string, comments: readonly Span[]): string {
  return applyEdits(
    source,
    comments.map(({ start, end }) => ({ start, end, text: " ".repeat(end - start) })),
  );
}

function lineAt(source: string, position: number): string {
  const end = source.indexOf("\n", position);
  return source.slice(source.lastIndexOf("\n", position - 1) + 1, end < 0 ? undefined : end);
}

function indentAt(source: string, position: number): string {
  return /^[ \t]*/.exec(lineAt(source, position))?.[0] ?? "";
}

/** One step of indentation, as the file has it. */
function indentUnit(source: string): string {
  return /^(\t| +)\S/m.exec(source)?.[1] ?? "  ";
}
