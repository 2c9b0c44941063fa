import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { CliError } from "../errors.js";
import { packageFolder, packageManifest } from "../package.js";

/** A range, an exact version or a tag, as they stand in package.json. */
const VERSION = /^(?:[\^~]?\d+(?:\.\d+){0,2}(?:-[\w.-]+)?|[a-z][a-z0-9-]*)$/i;
const PATH = /^(?:file:|\.{1,2}(?:[/\\]|$)|[/\\]|[a-z]:[/\\])|[/\\]|\.(?:tgz|tar\.gz)$/i;

/**
 * What a project in `folder` depends on.
 *
 * @param given - path of a checkout or a tarball (relative to `cwd`), or a version; without it, whatever runs here.
 * @throws CliError `CLI_BAD_ROOKERY`
 */
export function rookerySpecifier(given: string | undefined, cwd: string, folder: string): string {
  if (given === undefined) return ownSpecifier(folder);
  const path = resolve(cwd, given.replace(/^file:/, ""));
  // A folder called "latest" is what was meant, not the tag.
  if (PATH.test(given) || existsSync(path)) return toFileSpecifier(checkSource(path, given), folder);
  if (VERSION.test(given)) return given;
  throw badRookery(given, "which is neither a path nor a version");
}

/** Whether package managers would link it, rather than install it as a copy. */
export function isFolderSpecifier(specifier: string): boolean {
  return specifier.startsWith("file:") && !isTarball(specifier);
}

/** A checkout and a packed tarball stand for themselves; the registry's package stands for its version. */
function ownSpecifier(folder: string): string {
  const modules = `${sep}node_modules${sep}`;
  if (!packageFolder.includes(modules)) return toFileSpecifier(packageFolder, folder);
  const home = packageFolder.slice(0, packageFolder.indexOf(modules));
  const source = installedFrom(home);
  return source === undefined ? `^${packageManifest().version}` : toFileSpecifier(resolve(home, source), folder);
}

/** The path that the package was installed from, as the manifest of whoever installed it says. */
function installedFrom(home: string): string | undefined {
  const file = join(home, "package.json");
  if (!existsSync(file)) return undefined;
  const { name } = packageManifest();
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Partial<ReturnType<typeof packageManifest>>;
  const specifier = manifest.dependencies?.[name] ?? manifest.devDependencies?.[name] ?? "";
  return /^(?:file|link|portal):/.test(specifier) ? specifier.slice(specifier.indexOf(":") + 1) : undefined;
}

function checkSource(path: string, given: string): string {
  if (!existsSync(path)) throw badRookery(given, "and nothing is there");
  const isFolder = statSync(path).isDirectory();
  if (!isFolder && !isTarball(path)) throw badRookery(given, "which is no folder and no .tgz file");
  if (isFolder && nameIn(path) !== packageManifest().name)
    throw badRookery(given, "a folder that is no checkout of it");
  return path;
}

function nameIn(folder: string): string | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name : undefined;
}

function isTarball(path: string): boolean {
  return /\.(?:tgz|tar\.gz)$/i.test(path);
}

function toFileSpecifier(path: string, folder: string): string {
  const way = relative(folder, path);
  // Another drive has no relative path.
  return `file:${(isAbsolute(way) ? path : way).replaceAll("\\", "/")}`;
}

function badRookery(value: string, problem: string): CliError {
  return new CliError("CLI_BAD_ROOKERY", { values: { value, problem } });
}
