import { join, relative, resolve, sep } from "node:path";
import { CliError } from "../errors.js";
import type { Project } from "../workspace/workspace.js";

/** Where generated files go. */
export interface Placement {
  /** Below the project's sources: `--path`. */
  readonly path?: string;
  readonly isFlat: boolean;
  /** Folders that the name stands in. */
  readonly nameFolder: string;
  /** The folder that the files get for themselves, unless they are flat. */
  readonly ownFolder: string;
}

/**
 * The folder that generated files go into.
 *
 * @param sources - absolute path of the project's sources.
 * @throws CliError `CLI_OUTSIDE` when it would be elsewhere.
 */
export function targetFolder(
  sources: string,
  { baseDir }: Project["generateOptions"],
  { path = "", isFlat, nameFolder, ownFolder }: Placement,
): string {
  const folder = resolve(sources, baseDir, path, join(nameFolder, isFlat ? "" : ownFolder));
  if (!isWithin(sources, folder)) throw new CliError("CLI_OUTSIDE", { values: { folder, sources } });
  return folder;
}

/**
 * A path below the sources; one that begins with their own folder, as a shell completes it, is meant from the root.
 *
 * @param sources - relative to the root.
 */
export function belowSources(path: string, sources: string): string {
  const isMeantFromRoot = sources !== "" && isWithin(resolve(sources), resolve(path));
  return isMeantFromRoot ? relative(sources, path) : path;
}

/** Whether `path` is the folder or below it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}
