import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLayout, type Layout } from "../build/layout.js";
import { packageTypeOf } from "../build/package-type.js";
import { SwcCompiler } from "../build/swc.js";
import { tscCommand } from "../build/tsc.js";
import { findInstalled } from "../info/installed.js";
import { runProbe } from "../probe.js";
import { runProgram } from "../programs.js";
import type { Check, Finding, Subject } from "./check.js";

/** A class whose constructor's types have to be there when it runs. */
const SOURCE = `function Marked(): ClassDecorator { return () => undefined; }
class Part {}
@Marked()
export class Whole { constructor(readonly part: Part) {} }
`;

const JEST_TIMEOUT_MS = 30_000;

/** Whether the build writes the types of constructor parameters, which injection reads: a class is compiled to see. */
export const buildMetadataCheck: Check = {
  name: "metadata of the build",
  look: async (subject) => {
    const layout = readLayout(subject.workspace, subject.project);
    const { builder } = subject.project.compilerOptions;
    const code = builder === "swc" ? await compileWithSwc(layout) : await compileWithTsc(layout, subject);
    const mend = `Set experimentalDecorators and emitDecoratorMetadata in ${layout.tsconfig.path}.`;
    return [finding(code, `the build (${builder})`, mend)];
  },
};

/** The same of jest. */
export const jestMetadataCheck: Check = {
  name: "metadata of jest",
  look: async ({ workspace: { root }, context }) => {
    if (findInstalled("jest", root) === undefined) return [{ level: "hint", message: "jest is not installed" }];
    const options = { cwd: root, timeoutMs: JEST_TIMEOUT_MS };
    const { answer, text, problem } = await runProbe("jest-transform.cjs", [root, SOURCE], options, context);
    const mend = `Set "jest": { "preset": "rookery" } in package.json.`;
    if (answer !== undefined) return [finding(answer, "jest", mend)];
    return [{ level: "error", message: `jest cannot compile TypeScript: ${text || problem}`, mend }];
  },
};

function finding(code: string, what: string, mend: string): Finding {
  if (code.includes("design:paramtypes")) return { level: "ok", message: `${what} writes the metadata of decorators` };
  return { level: "error", message: `${what} writes no metadata of decorators: nothing can be injected`, mend };
}

async function compileWithSwc(layout: Layout): Promise<string> {
  const [file] = await new SwcCompiler(layout).compile(join(layout.sources, "rookery-doctor.ts"), SOURCE);
  return file?.content ?? "";
}

/** In a folder of its own, by the project's compiler and settings. */
async function compileWithTsc(layout: Layout, { context: { env, signal } }: Subject): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-doctor-"));
  try {
    const path = join(folder, "tsconfig.json");
    // What the project includes would be compiled along, to wherever it comes to stand.
    const own = {
      noEmit: false,
      noEmitOnError: false,
      composite: false,
      incremental: false,
      types: [],
      rootDir: folder,
    };
    const config = {
      extends: layout.tsconfig.path,
      compilerOptions: { ...own, outDir: folder },
      files: ["probe.ts"],
      include: [],
    };
    await writeFile(path, JSON.stringify(config));
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: packageTypeOf(layout.root) }));
    await writeFile(join(folder, "probe.ts"), SOURCE);
    const { program, args } = tscCommand({ ...layout, tsconfig: { ...layout.tsconfig, path } }, []);
    const { tail } = await runProgram(program, args, { cwd: layout.root, env, signal });
    return await readFile(join(folder, "probe.js"), "utf8").catch(() => tail);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
