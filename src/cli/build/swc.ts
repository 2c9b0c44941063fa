import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { createFilesMatcher } from "get-tsconfig";
import { CliError } from "../errors.js";
import { rootDirOf, type Layout } from "./layout.js";
import { packageTypeOf } from "./package-type.js";

/** What is used of `@swc/core`, which is the project's own. */
interface Swc {
  transform(source: string, options: object): Promise<{ readonly code: string; readonly map?: string }>;
}

/** A file of the build. */
export interface CompiledFile {
  /** Absolute path. */
  readonly path: string;
  readonly content: string;
}

const SOURCES = "**/*.{ts,mts,cts}";
const TARGETS = ["es2020", "es2021", "es2022"];
const NEWEST_TARGET = "es2022";

/** Compiles single files fast and without looking at types; decorators keep their type metadata. */
export class SwcCompiler {
  readonly #layout: Layout;
  readonly #swc: Swc;
  readonly #isSource: (path: string) => boolean;

  /** @throws CliError `CLI_NO_PROGRAM` */
  constructor(layout: Layout) {
    this.#layout = layout;
    this.#swc = loadSwc(layout.root);
    const matches = createFilesMatcher(layout.tsconfig);
    this.#isSource = (path) => /\.[cm]?ts$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && matches(path) !== undefined;
  }

  /** Whether the build is made of this file. */
  isSource(path: string): boolean {
    return this.#isSource(path);
  }

  /** Absolute paths of all that the build is made of. */
  async sources(): Promise<string[]> {
    const { findFiles } = await import("./find-files.js");
    const found = await findFiles([SOURCES], this.#layout.sources);
    return found.map((path) => join(this.#layout.sources, path)).filter((path) => this.isSource(path));
  }

  /** @throws CliError `CLI_BUILD_FAILED` when a file is no TypeScript. */
  async compile(path: string, source?: string): Promise<CompiledFile[]> {
    const target = this.outputOf(path);
    try {
      const { code, map } = await this.#swc.transform(source ?? (await readFile(path, "utf8")), this.#options(path));
      const name = `${basename(target)}.map`;
      if (map === undefined) return [{ path: target, content: code }];
      return [
        { path: target, content: `${code}//# sourceMappingURL=${name}\n` },
        { path: `${target}.map`, content: map },
      ];
    } catch (error) {
      const cause = withoutBacktrace(error as Error);
      throw new CliError("CLI_BUILD_FAILED", { values: { problem: relative(this.#layout.root, path) }, cause });
    }
  }

  /** Where the compiled file goes. */
  outputOf(path: string): string {
    const way = relative(rootDirOf(this.#layout), path).replace(/\.([cm]?)ts$/, ".$1js");
    return join(this.#layout.outDir, way);
  }

  /** Takes away what a source that is gone was compiled to. */
  async remove(path: string): Promise<void> {
    const target = this.outputOf(path);
    for (const each of [target, `${target}.map`]) await rm(each, { force: true });
  }

  #options(path: string): object {
    const options = this.#layout.tsconfig.config.compilerOptions ?? {};
    const { target = NEWEST_TARGET, useDefineForClassFields } = options;
    const swcTarget = TARGETS.includes(target.toLowerCase()) ? target.toLowerCase() : NEWEST_TARGET;
    return {
      filename: path,
      swcrc: false,
      configFile: false,
      sourceMaps: true,
      inlineSourcesContent: true,
      jsc: {
        target: swcTarget,
        parser: { syntax: "typescript", decorators: true },
        transform: {
          legacyDecorator: true,
          decoratorMetadata: true,
          useDefineForClassFields: useDefineForClassFields ?? swcTarget === NEWEST_TARGET,
        },
        keepClassNames: true,
      },
      module: { type: isModule(path, options.module) ? "es6" : "commonjs" },
    };
  }
}

/** What follows the place in the source is about the compiler: with RUST_BACKTRACE, its whole stack. */
function withoutBacktrace(error: Error): Error {
  error.message = error.message.replace(/\n+Caused by:\n[^]*$/, "");
  return error;
}

/** Writes compiled files. @throws CliError `CLI_FILE` */
export async function writeCompiled(files: readonly CompiledFile[]): Promise<void> {
  for (const { path, content } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    } catch (cause) {
      throw new CliError("CLI_FILE", { values: { path, done: "written" }, cause });
    }
  }
}

function loadSwc(root: string): Swc {
  try {
    return createRequire(join(root, "package.json"))("@swc/core") as Swc;
  } catch (cause) {
    const mend = "Install it in the project: npm install --save-dev @swc/core; or build by tsc.";
    throw new CliError("CLI_NO_PROGRAM", { values: { program: "@swc/core", mend }, cause });
  }
}

/** As TypeScript decides: by the extension, by `module`, or as Node reads the file. */
function isModule(path: string, module: string | undefined): boolean {
  if (/\.[cm]ts$/.test(path)) return path.endsWith(".mts");
  const kind = module?.toLowerCase() ?? "nodenext";
  if (!kind.startsWith("node")) return kind !== "commonjs";
  return packageTypeOf(dirname(path)) === "module";
}
