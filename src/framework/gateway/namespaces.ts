import type { Namespace, Server } from "../../core.js";
import { setPattern } from "./namespace-params.js";
import type { NamespacePattern } from "./namespace-pattern.js";
import { bySpecificity } from "./pattern-text.js";

/**
 * The namespaces of an application: each name has one, and each pattern a parent, whose children are made when clients ask
 * for them and share its handlers.
 */
export class Namespaces {
  readonly #server: Server;
  readonly #parents = new Map<string, Namespace>();

  constructor(server: Server, patterns: readonly NamespacePattern[]) {
    this.#server = server;
    // Names first: made while a pattern that matches is there, they would become its children.
    for (const { name, expression } of patterns) if (expression === undefined) server.of(name);
    for (const pattern of inOrder(patterns)) this.#addParent(pattern);
  }

  /** @param name - of one namespace, or the text of a pattern: then it is the parent, whose broadcasts reach all of them. */
  of(name: string): Namespace {
    return this.#parents.get(name) ?? this.#server.of(name);
  }

  #addParent(pattern: NamespacePattern): void {
    if (pattern.expression === undefined || this.#parents.has(pattern.name)) return;
    const parent = this.#server.of(pattern.expression);
    setPattern(parent.dispatch, pattern);
    this.#parents.set(pattern.name, parent);
  }
}

/** The order in which a client's name is held against the patterns: paths, the more specific first, then RegExps. */
function inOrder(patterns: readonly NamespacePattern[]): readonly NamespacePattern[] {
  const paths = patterns.filter(({ kind }) => kind === "path");
  const expressions = patterns.filter(({ kind }) => kind === "expression");
  return [...paths.sort((a, b) => bySpecificity(a.parts, b.parts)), ...expressions];
}
