import type { Dispatch, Namespace } from "../../core.js";
import { NO_PARAMS } from "./event-pattern.js";
import { readParams, type NamespacePattern } from "./namespace-pattern.js";

/** By the dispatch table that all namespaces of one pattern share. */
const patterns = new WeakMap<Dispatch, NamespacePattern>();
const known = new WeakMap<Namespace, Readonly<Record<string, string>>>();

/** Says that the namespaces with this table are those of `pattern`. */
export function setPattern(dispatch: Dispatch, pattern: NamespacePattern): void {
  patterns.set(dispatch, pattern);
}

/** The parameters in the name of a namespace, read once for each. */
export function namespaceParams(namespace: Namespace): Readonly<Record<string, string>> {
  const pattern = patterns.get(namespace.dispatch);
  if (pattern === undefined) return NO_PARAMS;
  let params = known.get(namespace);
  if (params === undefined) {
    params = Object.freeze(readParams(pattern, namespace.name));
    known.set(namespace, params);
  }
  return params;
}
