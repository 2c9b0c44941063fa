import { createRequire } from "node:module";
import type * as Parser from "@babel/parser";
import { CliError } from "../errors.js";

// Required: an import would first read the whole module for the names of its exports, and take ten times as long.
const { parse } = createRequire(import.meta.url)("@babel/parser") as typeof Parser;

export type Statement = Parser.ParseResult["program"]["body"][number];
export type ImportStatement = Extract<Statement, { type: "ImportDeclaration" }>;
type ClassStatement = Extract<Statement, { type: "ClassDeclaration" }>;
type Expression = NonNullable<ClassStatement["superClass"]>;
export type ObjectNode = Extract<Expression, { type: "ObjectExpression" }>;
export type ArrayNode = Extract<Expression, { type: "ArrayExpression" }>;
type CallNode = Extract<Expression, { type: "CallExpression" }>;

/** A piece of source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file with a module, taken apart. */
export interface ModuleSyntax {
  readonly imports: readonly ImportStatement[];
  /** The call of its decorator: `Module({ … })`. */
  readonly call: CallNode;
  readonly comments: readonly Span[];
  /** Names that the file declares by itself. */
  readonly declared: readonly string[];
}

/**
 * Reads a file that declares one module.
 *
 * @throws CliError `CLI_BAD_MODULE`
 */
export function parseModule(source: string, file: string): ModuleSyntax {
  const { program, comments } = parseFile(source, file);
  const imports = program.body.filter((statement) => statement.type === "ImportDeclaration");
  const classes = program.body.map(toClass).filter((found) => found !== undefined);
  const name = localName(imports, "Module");
  const calls = classes.flatMap(({ decorators }) => callsOf(decorators ?? [], name));
  const [call] = calls;
  if (call === undefined) throw badModule(file, "declares no class with @Module()");
  if (calls.length > 1) throw badModule(file, "declares several modules");
  return {
    imports,
    call,
    comments: (comments ?? []).map(spanOf),
    declared: classes.flatMap(({ id }) => (id ? [id.name] : [])),
  };
}

/** What the editing of a module cannot cope with. */
export function badModule(file: string, problem: string, cause?: unknown): CliError {
  return new CliError("CLI_BAD_MODULE", { values: { file, problem }, cause });
}

/** Every node that came out of the parser has its place. */
export function spanOf(node: { readonly start?: number | null; readonly end?: number | null }): Span {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

function parseFile(source: string, file: string): Parser.ParseResult {
  try {
    return parse(source, {
      sourceType: "module",
      plugins: ["typescript", "decorators-legacy", "decoratorAutoAccessors"],
    });
  } catch (cause) {
    throw badModule(file, "cannot be parsed", cause);
  }
}

function toClass(statement: Statement): ClassStatement | undefined {
  const isExport = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  const declared = isExport ? statement.declaration : statement;
  return declared?.type === "ClassDeclaration" ? declared : undefined;
}

function localName(imports: readonly ImportStatement[], imported: string): string {
  for (const { specifiers } of imports) {
    for (const specifier of specifiers) {
      if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") continue;
      if (specifier.imported.name === imported) return specifier.local.name;
    }
  }
  return imported;
}

function callsOf(decorators: NonNullable<ClassStatement["decorators"]>, name: string): CallNode[] {
  return decorators.flatMap(({ expression }) =>
    expression.type === "CallExpression" && expression.callee.type === "Identifier" && expression.callee.name === name
      ? [expression]
      : [],
  );
}
