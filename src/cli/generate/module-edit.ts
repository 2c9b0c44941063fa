import type { Registration } from "../generators/generator.js";
import { addImport } from "./import-edit.js";
import { addItem, breakLongLine, type Literal } from "./list-edit.js";
import { badModule, parseModule, spanOf, type ArrayNode, type ModuleSyntax, type ObjectNode } from "./syntax.js";
import { applyEdits, type TextEdit } from "./text-edits.js";

/** What a module is told of, and how its file is written. */
export interface ModuleEntry extends Pick<Registration, "list" | "className"> {
  /** What the import says: `./chat.gateway.js`. */
  readonly specifier: string;
  /** Columns that a line may take. */
  readonly printWidth: number;
}

/**
 * Adds a class to a list of a module, and its import. What else the file has stays as it is, comments and formatting
 * included; a class that is there already changes nothing.
 *
 * @param file - for errors.
 * @throws CliError `CLI_BAD_MODULE`
 */
export function addToModule(source: string, file: string, entry: ModuleEntry): string {
  const eol = source.includes("\r\n") ? "\r\n" : "\n";
  const text = source.replaceAll("\r\n", "\n");
  const syntax = parseModule(text, file);
  const object = metadataOf(syntax, file);
  const list = listOf(object, entry.list, file);
  if (list !== undefined && hasElement(list, entry.className)) return source;
  const edits = [...addImport(text, syntax, file, entry), ...addEntry(text, syntax, { object, list, entry })];
  return breakLongLists(applyEdits(text, edits), file, entry).replaceAll("\n", eol);
}

interface Place {
  readonly object: ObjectNode | undefined;
  readonly list: ArrayNode | undefined;
  readonly entry: ModuleEntry;
}

function addEntry(source: string, { call, comments }: ModuleSyntax, { object, list, entry }: Place): TextEdit[] {
  const { className } = entry;
  if (list !== undefined) return addItem(source, listLiteral(list), comments, { text: className });
  const text = `${entry.list}: [${className}]`;
  if (object === undefined) return [{ start: spanOf(call).end - 1, text: `{ ${text} }` }];
  // Imports come first, as everybody writes them.
  return addItem(source, objectLiteral(object), comments, { text, isFirst: entry.list === "imports", padding: " " });
}

/** The object first: on lines of their own its lists may be short enough. */
function breakLongLists(source: string, file: string, { list: name, printWidth }: ModuleEntry): string {
  const { object, comments } = reparse(source, file);
  const broken = breakLongLine(source, objectLiteral(object), { comments, printWidth });
  const again = reparse(broken, file);
  const list = listOf(again.object, name, file);
  if (list === undefined) return broken;
  return breakLongLine(broken, listLiteral(list), { comments: again.comments, printWidth });
}

function reparse(source: string, file: string): { object: ObjectNode; comments: ModuleSyntax["comments"] } {
  const syntax = parseModule(source, file);
  const object = metadataOf(syntax, file);
  if (object === undefined) throw badModule(file, "has no list after the edit");
  return { object, comments: syntax.comments };
}

function metadataOf({ call }: ModuleSyntax, file: string): ObjectNode | undefined {
  const [argument] = call.arguments;
  if (argument === undefined || argument.type === "ObjectExpression") return argument;
  throw badModule(file, "gives @Module() something else than an object literal");
}

function listOf(object: ObjectNode | undefined, name: string, file: string): ArrayNode | undefined {
  for (const property of object?.properties ?? []) {
    if (property.type === "SpreadElement" || !isNamed(property.key, name)) continue;
    if (property.type === "ObjectProperty" && property.value.type === "ArrayExpression") return property.value;
    throw badModule(file, `has ${name} that are no list literal`);
  }
  return undefined;
}

function listLiteral(list: ArrayNode): Literal {
  return { node: list, items: list.elements };
}

function objectLiteral(object: ObjectNode): Literal {
  return { node: object, items: object.properties };
}

function isNamed(key: ObjectKey, name: string): boolean {
  return (key.type === "Identifier" && key.name === name) || (key.type === "StringLiteral" && key.value === name);
}

type ObjectKey = Extract<ObjectNode["properties"][number], { readonly key: unknown }>["key"];

function hasElement({ elements }: ArrayNode, name: string): boolean {
  return elements.some((element) => element?.type === "Identifier" && element.name === name);
}
