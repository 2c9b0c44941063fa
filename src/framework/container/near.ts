import { tokenName, type InjectionToken } from "../contracts/class.js";
import type { ModuleNode } from "./module-node.js";

/**
 * What the reader may have meant, as a clause to append to a message; empty when nothing is close.
 *
 * @param seeker - the module that looked in vain; `undefined` when the whole application was searched.
 */
export function nearClause(
  token: InjectionToken,
  seeker: ModuleNode | undefined,
  modules: readonly ModuleNode[],
): string {
  const hidden = modules.find((module) => module !== seeker && module.providers.has(token));
  if (hidden !== undefined) {
    return hidden.exports(token)
      ? `; ${hidden.name} exports it, but ${seeker?.name ?? "nobody"} does not import ${hidden.name}`
      : `; ${hidden.name} provides it, but does not export it`;
  }
  const wanted = tokenName(token);
  const names = modules.flatMap(({ providers }) => [...providers.keys()].map(tokenName));
  if (names.includes(wanted)) return `; another token of the same name exists: the file may have been loaded twice`;
  const similar = [...new Set(names)].filter((name) => isSimilar(name, wanted));
  return similar.length === 0 ? "" : `; near: ${similar.join(", ")}`;
}

/** One of them contains the other, or they differ by at most two letters. */
function isSimilar(name: string, wanted: string): boolean {
  const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
  return a.includes(b) || b.includes(a) || editDistance(a, b) <= 2;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
