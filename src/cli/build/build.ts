import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import { runProgram } from "../programs.js";
import type { CompilerOptions } from "../workspace/workspace.js";
import { copyAssets } from "./assets.js";
import type { Layout } from "./layout.js";
import { SwcCompiler, writeCompiled, type CompiledFile } from "./swc.js";
import { tscCommand } from "./tsc.js";

/**
 * Builds a project: checks its types, compiles it, copies its assets. What does not pass the check writes nothing.
 *
 * @throws CliError `CLI_BUILD_FAILED`, `CLI_NO_PROGRAM`, `CLI_NO_ENTRY`, `CLI_FILE`
 */
export async function buildProject(
  layout: Layout,
  builder: CompilerOptions["builder"],
  context: Context,
): Promise<void> {
  const progress = context.output.progress(`build with ${builder}`);
  try {
    if (builder === "tsc") await runTsc(layout, ["--noEmitOnError"], context);
    else await buildWithSwc(layout, context);
    await copyAssets(layout);
    progress.succeed();
  } catch (error) {
    progress.fail();
    throw error;
  }
}

async function buildWithSwc(layout: Layout, context: Context): Promise<void> {
  const [files] = await Promise.all([compileAll(layout), runTsc(layout, ["--noEmit"], context)]);
  await writeCompiled(files);
}

async function compileAll(layout: Layout): Promise<CompiledFile[]> {
  const compiler = new SwcCompiler(layout);
  const files = await Promise.all((await compiler.sources()).map((path) => compiler.compile(path)));
  return files.flat();
}

async function runTsc(layout: Layout, flags: readonly string[], context: Context): Promise<void> {
  const { output, env, signal } = context;
  const { program, args } = tscCommand(layout, [...flags, ...prettyFlag(context)]);
  const { exitCode, tail } = await runProgram(program, args, { cwd: layout.root, env, signal });
  if (exitCode === 0) return;
  output.errorLine(tail.trimEnd());
  throw new CliError("CLI_BUILD_FAILED", { values: { problem: "TypeScript found errors" } });
}

/** The compiler writes into a pipe: whether there are colours is decided here. */
export function prettyFlag({ output }: Pick<Context, "output">): string[] {
  return ["--pretty", String(output.errorColors.isColorSupported)];
}
