import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { CliError } from "../errors.js";
import type { GeneratedFile, Generator, Registration } from "../generators/generator.js";
import { sourceFolder } from "../workspace/sources.js";
import type { Project, Workspace } from "../workspace/workspace.js";
import type { Change } from "./change.js";
import { addDependencies } from "./dependencies-edit.js";
import { belowSources, isWithin, targetFolder } from "./folders.js";
import { addToModule } from "./module-edit.js";
import { nearestModule } from "./module-file.js";
import type { PlacedName } from "./name.js";
import { printWidthOf } from "./print-width.js";

/** What is wanted. */
export interface Wish extends PlacedName {
  readonly generator: Generator;
  readonly workspace: Workspace;
  readonly project: Project;
  readonly isFlat: boolean;
  readonly withSpecs: boolean;
  /** Below the project's sources. */
  readonly path?: string;
  /** Absolute path of the file to register in; `undefined` looks for the nearest, `false` registers nowhere. */
  readonly module: string | false | undefined;
}

/**
 * Everything that a generator changes, before anything is written; files that are right already included.
 *
 * @throws CliError `CLI_NO_SOURCES`, `CLI_OUTSIDE`, `CLI_NO_MODULE`, `CLI_BAD_MODULE`, `CLI_FILE`
 */
export function planChanges(wish: Wish): Change[] {
  const { generator, name, folder, workspace, project, isFlat, path } = wish;
  const sources = sourceFolder(workspace, project);
  const below = (given: string): string => belowSources(given, relative(workspace.root, sources));
  const nameFolder = path === undefined ? below(folder) : folder;
  const placement = { isFlat, nameFolder, ownFolder: generator.folder ?? name.kebab };
  const given = path === undefined ? {} : { path: below(path) };
  const target = targetFolder(sources, project.generateOptions, { ...placement, ...given });
  const registration = wish.module === false ? undefined : generator.registration?.(name);
  return [
    ...newFiles(wish, target),
    ...(registration === undefined ? [] : [registrationChange(registration, { wish, target, sources })]),
    ...dependencyChanges(wish),
  ];
}

function newFiles({ generator, name, withSpecs }: Wish, target: string): Change[] {
  return generator
    .files(name)
    .filter(({ path }) => withSpecs || !path.endsWith(".spec.ts"))
    .map(({ path, content }: GeneratedFile) => {
      const file = resolve(target, path);
      if (!isWithin(target, file)) throw new CliError("CLI_OUTSIDE", { values: { folder: file, sources: target } });
      return { path: file, before: readIfThere(file), after: content, isEdit: false };
    });
}

interface RegistrationPlace {
  readonly wish: Wish;
  readonly target: string;
  readonly sources: string;
}

function registrationChange(
  { list, className, path }: Registration,
  { wish: { module, workspace }, target, sources }: RegistrationPlace,
): Change {
  const own = resolve(target, path);
  const file = typeof module === "string" ? module : nearestModule(target, sources, own);
  const before = readIfThere(file);
  if (before === undefined) {
    const problem = `there is no ${file}`;
    throw new CliError("CLI_NO_MODULE", { values: { problem, mend: "Name one that exists by --module" } });
  }
  const specifier = toSpecifier(dirname(file), own);
  const after = addToModule(before, file, { list, className, specifier, printWidth: printWidthOf(workspace.root) });
  return { path: file, before, after, isEdit: true };
}

function toSpecifier(from: string, file: string): string {
  const way = relative(from, file).replaceAll("\\", "/").replace(/\.ts$/, ".js");
  return way.startsWith("..") ? way : `./${way}`;
}

function dependencyChanges({ generator: { dependencies = [] }, workspace: { root } }: Wish): Change[] {
  const path = join(root, "package.json");
  const before = readIfThere(path);
  if (before === undefined || dependencies.length === 0) return [];
  const after = addDependencies(before, dependencies);
  return after === before ? [] : [{ path, before, after, isEdit: true }];
}

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError("CLI_FILE", { values: { path, done: "read" }, cause });
  }
}
