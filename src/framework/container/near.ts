import { tokenName, type InjectionToken } from "../contracts/class.js";
import type { ModuleNode } from "./module-node.js";

/** What the reader may have meant. */
export interface Near {
  /** To append to a message; empty when nothing is close. */
  readonly clause: string;
  /** What to do about it, when that is known. */
  readonly mend: string | undefined;
}

/** What every provider may inject. Classes of these names that nobody provides are those of socket.io, or of NestJS. */
const PLATFORM = ["ContextLogger", "ExecutionContext", "Reflector", "Server", "Socket"];

/** @param seeker - the module that looked in vain; `undefined` when the whole application was searched. */
export function findNear(token: InjectionToken, seeker: ModuleNode | undefined, modules: readonly ModuleNode[]): Near {
  const hidden = modules.filter((module) => module !== seeker && module.providers.has(token));
  if (hidden.length > 0 && seeker !== undefined) return nearModules(token, seeker, hidden);
  const wanted = tokenName(token);
  const names = modules.flatMap(({ providers }) => [...providers.keys()].map(tokenName));
  if (names.includes(wanted)) {
    const clause = "; another token of the same name exists: the file may have been loaded twice";
    return { clause, mend: "Import the token from one file only, by one path." };
  }
  if (PLATFORM.includes(wanted)) {
    const clause = `; it is not the ${wanted} of rookery`;
    return { clause, mend: `Import ${wanted} from "rookery"; where it is, rookery doctor finds second copies.` };
  }
  return { clause: similarClause(wanted, names), mend: undefined };
}

/** `; near: …`, the names that may have been meant; empty when none is close. */
export function similarClause(wanted: string, names: readonly string[]): string {
  const similar = [...new Set(names)].filter((name) => isSimilar(name, wanted));
  return similar.length === 0 ? "" : `; near: ${similar.join(", ")}`;
}

function nearModules(token: InjectionToken, seeker: ModuleNode, hidden: readonly ModuleNode[]): Near {
  const exporter = hidden.find((module) => module.exports(token));
  if (exporter !== undefined) {
    const { name } = exporter;
    const clause = `; ${name} exports it, but ${seeker.name} does not import ${name}`;
    return { clause, mend: `Add ${name} to the imports of ${seeker.name}.` };
  }
  const names = hidden.map(({ name }) => name).join(" and ");
  const imports = seeker.imports.some((module) => hidden.includes(module)) ? "" : `, and import it in ${seeker.name}`;
  return {
    clause: `; ${names} provides it, but does not export it`,
    mend: `Add ${tokenName(token)} to the exports of ${hidden[0]?.name ?? ""}${imports}.`,
  };
}

/** One of them contains the other, or they differ by at most two letters. */
function isSimilar(name: string, wanted: string): boolean {
  const [a, b] = [bare(name), bare(wanted)];
  return a.includes(b) || b.includes(a) || editDistance(a, b) <= 2;
}

/** Without what tells strings and symbols from classes. */
function bare(name: string): string {
  return name.toLowerCase().replaceAll(/^symbol(?=\()|[()"]/g, "");
}

/** Levenshtein's distance, one row at a time. The package for it is the command line's: no application loads it for an error. */
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
