import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { CliError } from "../errors.js";
import { suggest } from "../near.js";
import { packageFolder } from "../package.js";
import { findProblem, type Schema } from "./schema.js";

/** The file that describes a workspace. */
export const WORKSPACE_FILE = "nest-cli-like.json";

/** Settings as they stand in the file; see nest-cli-like.schema.json. */
interface ProjectSettings {
  readonly sourceRoot?: string;
  readonly entryFile?: string;
  readonly gateways?: string;
  readonly compilerOptions?: Partial<CompilerOptions>;
  readonly generateOptions?: Partial<GenerateOptions>;
  readonly collections?: readonly string[];
}

interface WorkspaceSettings extends ProjectSettings {
  readonly projects?: Readonly<Record<string, ProjectSettings>>;
}

/** How an app is built. */
export interface CompilerOptions {
  /** Relative to the workspace's root. */
  readonly tsConfigPath: string;
  readonly builder: "tsc" | "swc";
  /** Glob patterns below `sourceRoot`. */
  readonly assets: readonly string[];
}

/** What `generate` does where the command line does not say. */
export interface GenerateOptions {
  readonly spec: boolean;
  readonly flat: boolean;
  /** Below `sourceRoot`. */
  readonly baseDir: string;
}

/** One app, with every default filled in. */
export interface Project {
  /** `undefined` for the app that the top level describes. */
  readonly name: string | undefined;
  /** Relative to the workspace's root, as all paths here. */
  readonly sourceRoot: string;
  readonly entryFile: string;
  /** Glob pattern below `sourceRoot`. */
  readonly gateways: string;
  readonly compilerOptions: CompilerOptions;
  readonly generateOptions: GenerateOptions;
  readonly collections: readonly string[];
}

/** What nest-cli-like.json says. */
export class Workspace {
  /** Absolute path of the folder that has the file; without one, of the nearest folder with a package.json. */
  readonly root: string;
  /** Absolute path; `undefined` when there is no file and all is by default. */
  readonly file: string | undefined;
  readonly #settings: WorkspaceSettings;

  constructor(root: string, file: string | undefined, settings: WorkspaceSettings) {
    this.root = root;
    this.file = file;
    this.#settings = settings;
  }

  /** Names of the projects map, in its order. */
  get projectNames(): readonly string[] {
    return Object.keys(this.#settings.projects ?? {});
  }

  /**
   * The app that a command is about.
   *
   * @param name - as in `--project`; without it, the project whose folder `cwd` is in, or the only one there is.
   * @throws CliError `CLI_UNKNOWN_PROJECT`, `CLI_NEEDS_PROJECT`
   */
  project(name: string | undefined, cwd: string): Project {
    if (name !== undefined) return this.#named(name);
    const names = this.projectNames;
    const here = names.find((each) => this.#holds(each, cwd));
    if (here !== undefined) return this.#named(here);
    if (names.length === 0 || this.#settings.sourceRoot !== undefined) return toProject(undefined, this.#settings);
    if (names.length === 1) return this.#named(names[0] ?? "");
    throw new CliError("CLI_NEEDS_PROJECT", { values: { file: this.#shownFile, projects: names.join(", ") } });
  }

  #named(name: string): Project {
    const { projects = {} } = this.#settings;
    const settings = Object.hasOwn(projects, name) ? projects[name] : undefined;
    if (settings !== undefined) return toProject(name, merge(this.#settings, settings));
    const mend = suggest(name, this.projectNames);
    throw new CliError("CLI_UNKNOWN_PROJECT", { values: { file: this.#shownFile, project: name, mend } });
  }

  /** A project's folder is the one above its sources: `apps/chat` for `apps/chat/src`. */
  #holds(name: string, cwd: string): boolean {
    const folder = resolve(this.root, dirname(this.#named(name).sourceRoot));
    return folder !== this.root && `${cwd}${sep}`.startsWith(`${folder}${sep}`);
  }

  get #shownFile(): string {
    return basename(this.file ?? WORKSPACE_FILE);
  }
}

/**
 * Reads the workspace that a folder belongs to.
 *
 * @throws CliError `CLI_BAD_WORKSPACE` when the file is not what its schema says.
 */
export function readWorkspace(cwd: string): Workspace {
  const file = findUpwards(WORKSPACE_FILE, cwd);
  if (file !== undefined) return new Workspace(dirname(file), file, readSettings(file));
  const manifest = findUpwards("package.json", cwd);
  return new Workspace(manifest === undefined ? cwd : dirname(manifest), undefined, {});
}

function readSettings(file: string): WorkspaceSettings {
  const settings = parse(file);
  const schema = JSON.parse(readFileSync(join(packageFolder, "nest-cli-like.schema.json"), "utf8")) as Schema;
  const found = findProblem(settings, schema);
  if (found !== undefined) throw new CliError("CLI_BAD_WORKSPACE", { values: { file, ...found } });
  return settings as WorkspaceSettings;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const values = {
      file,
      problem: "is no JSON",
      mend: "Comments and trailing commas are not allowed; see the cause.",
    };
    throw new CliError("CLI_BAD_WORKSPACE", { values, cause });
  }
}

function findUpwards(name: string, folder: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : findUpwards(name, dirname(folder));
}

function merge(top: ProjectSettings, project: ProjectSettings): ProjectSettings {
  return {
    ...top,
    ...project,
    compilerOptions: { ...top.compilerOptions, ...project.compilerOptions },
    generateOptions: { ...top.generateOptions, ...project.generateOptions },
  };
}

function toProject(name: string | undefined, settings: ProjectSettings): Project {
  const { sourceRoot = "src", entryFile = "main", gateways = "**/*.gateway.ts", collections = [] } = settings;
  return {
    name,
    sourceRoot,
    entryFile,
    gateways,
    collections,
    compilerOptions: { tsConfigPath: "tsconfig.json", builder: "tsc", assets: [], ...settings.compilerOptions },
    generateOptions: { spec: true, flat: false, baseDir: "", ...settings.generateOptions },
  };
}
