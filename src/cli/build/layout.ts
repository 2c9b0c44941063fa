import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseTsconfig, type TsConfigJsonResolved } from "get-tsconfig";
import { CliError } from "../errors.js";
import { sourceFolder } from "../workspace/sources.js";
import type { Project, Workspace } from "../workspace/workspace.js";

const EXTENSIONS = [".js", ".mjs", ".cjs"];

/** Where a project's files are, and where its build puts them; all paths are absolute. */
export interface Layout {
  readonly root: string;
  readonly project: Project;
  readonly sources: string;
  readonly tsconfig: { readonly path: string; readonly config: TsConfigJsonResolved };
  readonly outDir: string;
}

/** @throws CliError `CLI_NO_SOURCES`, `CLI_BAD_TSCONFIG` */
export function readLayout(workspace: Workspace, project: Project): Layout {
  const { root } = workspace;
  const path = resolve(root, project.compilerOptions.tsConfigPath);
  const sources = sourceFolder(workspace, project);
  const config = readTsconfig(path);
  const { outDir, noEmit = false } = config.compilerOptions ?? {};
  if (noEmit || outDir === undefined) {
    const problem = noEmit
      ? "says noEmit: a build writes nothing"
      : "has no outDir: a build would write beside the sources";
    const mend =
      "Set outDir and no noEmit there, or name another file as compilerOptions.tsConfigPath in nest-cli-like.json.";
    throw new CliError("CLI_BAD_TSCONFIG", { values: { file: path, problem, mend } });
  }
  return { root, project, sources, tsconfig: { path, config }, outDir: resolve(dirname(path), outDir) };
}

/** The folder that `rootDir` names, or else the sources: what is below it is in the same place below `outDir`. */
export function rootDirOf({ tsconfig: { path, config }, sources }: Layout): string {
  const { rootDir } = config.compilerOptions ?? {};
  return rootDir === undefined ? sources : resolve(dirname(path), rootDir);
}

/**
 * The compiled module that starts the app.
 *
 * @throws CliError `CLI_NO_ENTRY` before the first build.
 */
export function entryOf(layout: Layout): string {
  const entry = candidates(layout).find((path) => existsSync(path));
  if (entry !== undefined) return entry;
  const { project, outDir, root, tsconfig } = layout;
  const file = relative(root, join(outDir, `${project.entryFile}.js`));
  throw new CliError("CLI_NO_ENTRY", { values: { file, tsconfig: relative(root, tsconfig.path) } });
}

/** The folder of the build that stands for the sources. */
export function builtSources(layout: Layout): string {
  const { entryFile } = layout.project;
  const entry = entryOf(layout).replace(/\.\w+$/, "");
  return entry.slice(0, entry.length - entryFile.length);
}

/** Without a `rootDir` compilers take the sources' own folder, or that of tsconfig.json, which way round is theirs. */
function candidates(layout: Layout): string[] {
  const { sources, outDir, tsconfig, project } = layout;
  const rootDirs = [rootDirOf(layout), dirname(tsconfig.path)];
  return rootDirs.flatMap((rootDir) =>
    EXTENSIONS.map((extension) => join(outDir, relative(rootDir, sources), `${project.entryFile}${extension}`)),
  );
}

function readTsconfig(path: string): TsConfigJsonResolved {
  try {
    return parseTsconfig(path);
  } catch (cause) {
    const values = {
      file: path,
      problem: "cannot be read",
      mend: "See the cause, and tsConfigPath in nest-cli-like.json.",
    };
    throw new CliError("CLI_BAD_TSCONFIG", { values, cause });
  }
}
