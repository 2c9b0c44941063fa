import { packageManifest } from "../package.js";

/** What of package.json is of interest. */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Adds packages to the dependencies of a package.json, in order, in the versions that Rookery itself is built with. What
 * is listed anywhere already stays as it is.
 *
 * @param source - the file's text.
 */
export function addDependencies(source: string, names: readonly string[]): string {
  const manifest = JSON.parse(source) as Manifest;
  const { dependencies = {}, devDependencies, peerDependencies } = manifest;
  const known = { ...peerDependencies, ...devDependencies, ...dependencies };
  const missing = names.filter((name) => !Object.hasOwn(known, name));
  if (missing.length === 0) return source;
  const own = packageManifest().dependencies;
  const added = Object.fromEntries(missing.map((name) => [name, own[name] ?? "*"]));
  const sorted = Object.entries({ ...dependencies, ...added }).sort(([a], [b]) => (a < b ? -1 : 1));
  const changed = { ...manifest, dependencies: Object.fromEntries(sorted) };
  return `${JSON.stringify(changed, undefined, indentOf(source))}${source.endsWith("\n") ? "\n" : ""}`;
}

function indentOf(source: string): string {
  return /^[{[]\s*?\n([ \t]+)/.exec(source)?.[1] ?? "  ";
}
