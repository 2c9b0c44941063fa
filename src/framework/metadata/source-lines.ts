import { readFileSync } from "node:fs";

/** What stands at a place in the source. */
export interface Decorated {
  readonly decorator: string;
  /** The class. */
  readonly owner: string;
  /** Its method; `undefined` for the class itself. */
  readonly member: string | undefined;
}

const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * Some compilers, swc among them, write no source map for decorators: the line is then one of the compiled code, under the
 * name of the TypeScript file. So that file is read and asked.
 *
 * @param line - as the stack says it, counted from 1.
 * @returns the line of the class or method; where the file has two of the name, `line` if the decorator of that member
 * stands there; 0 when neither is clear.
 */
export function checkedLine(path: string, line: number, decorated: Decorated | undefined): number {
  if (decorated === undefined || !TYPESCRIPT.test(path)) return line;
  const lines = readLines(path);
  if (lines === undefined) return line;
  const { decorator, owner, member } = decorated;
  const isClass = new RegExp(`^\\s*(?:(?:export|default|abstract|return)\\s+)*class\\s+${escaped(owner)}\\b`);
  const first = lines.findIndex((text) => isClass.test(text));
  const isOnly = first !== -1 && first === lines.findLastIndex((text) => isClass.test(text));
  const isTarget = member === undefined ? isClass : memberTest(member);
  if (isOnly) return lineAfter(first, lines, isTarget) || first + 1;
  const isThere = lines[line - 1]?.includes(`@${decorator}(`) === true;
  const target = lineAfter(line, lines, isTarget);
  return isThere && target > 0 && target - line <= MAX_DECORATOR_LINES ? target : 0;
}

/** How far below its first decorator a method may begin. */
const MAX_DECORATOR_LINES = 12;

/** The first line that passes, counted from 1; 0 without one. */
function lineAfter(index: number, lines: readonly string[], test: RegExp): number {
  return lines.findIndex((text, at) => at >= index && test.test(text)) + 1;
}

function memberTest(name: string): RegExp {
  return new RegExp(`^\\s*(?:(?:public|protected|private|override|async)\\s+)*\\*?\\s*${escaped(name)}\\s*[(<]`);
}

/** The file that was asked last: a class and its methods are asked about one after another. */
let known: { readonly path: string; readonly lines: readonly string[] | undefined } | undefined;

function readLines(path: string): readonly string[] | undefined {
  if (known?.path !== path) known = { path, lines: linesOf(path) };
  return known.lines;
}

function linesOf(path: string): readonly string[] | undefined {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    // Compiled elsewhere, or bundled: the stack's word has to do.
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
