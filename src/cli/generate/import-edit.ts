import { badModule, spanOf, type ImportStatement, type ModuleSyntax } from "./syntax.js";
import type { TextEdit } from "./text-edits.js";

/** What is imported. */
interface NewImport {
  readonly className: string;
  readonly specifier: string;
}

/**
 * The edits that import a class in the file's own style; none when it is imported already.
 *
 * @throws CliError `CLI_BAD_MODULE` when the name means something else there.
 */
export function addImport(
  text: string,
  { imports, declared }: ModuleSyntax,
  file: string,
  { className, specifier }: NewImport,
): TextEdit[] {
  if (declared.includes(className)) throw badModule(file, `has a class ${className} of its own`);
  const present = imports.find((each) => each.specifiers.some(({ local }) => local.name === className));
  if (present !== undefined) {
    if (present.importKind !== "type" && sameFile(present.source.value, specifier)) return [];
    throw badModule(file, `imports another ${className} (${text.slice(...ends(present))})`);
  }
  const last = imports.at(-1);
  const line = toLine(text, last, `{ ${className} } from `, specifier);
  if (last === undefined) return [{ start: 0, text: `${line}\n\n` }];
  return [{ start: endOfImport(text, last), text: `\n${line}` }];
}

function toLine(text: string, model: ImportStatement | undefined, what: string, specifier: string): string {
  const raw = model === undefined ? `"` : text.charAt(spanOf(model.source).start);
  const end = model === undefined || text.charAt(spanOf(model).end - 1) === ";" ? ";" : "";
  return `import ${what}${raw}${specifier}${raw}${end}`;
}

/** A comment on the same line belongs to the import. */
function endOfImport(text: string, last: ImportStatement): number {
  const { end } = spanOf(last);
  const [rest = ""] = /^[^\n]*/.exec(text.slice(end)) ?? [];
  return /^\s*(?:\/\/.*|\/\*.*\*\/\s*)?$/.test(rest) ? end + rest.length : end;
}

function sameFile(a: string, b: string): boolean {
  return a.replace(/\.[jt]s$/, "") === b.replace(/\.[jt]s$/, "");
}

function ends(node: ImportStatement): [start: number, end: number] {
  const { start, end } = spanOf(node);
  return [start, end];
}
