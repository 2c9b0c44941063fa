import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = join(__dirname, "../..");

/** The TypeScript compiler of this repository, as a script for node. */
export const compiler = join(repository, "node_modules/typescript/bin/tsc");

/** What an application needs of its compiler. */
export const compilerOptions = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** Builds into a folder of its own, so that it meets no other build, and packs what package.json lists. */
export async function pack(stage: string): Promise<string> {
  const { files } = readJson(join(repository, "package.json")) as { files: string[] };
  for (const file of ["package.json", ...files].filter((name) => name !== "dist")) {
    cpSync(join(repository, file), join(stage, file), { recursive: true });
  }
  const build = ["-p", join(repository, "tsconfig.build.json"), "--outDir", join(stage, "dist")];
  await run(process.execPath, [compiler, ...build]);
  await run(process.execPath, [join(repository, "bundle.mjs"), join(stage, "dist")]);
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts"], { cwd: stage });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(stage, filename);
}

/** Without what this jest, or a flag it was given, left in the environment. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_ENV, JEST_WORKER_ID, ...rest } = process.env;
  return rest;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}

/** A package in the version that this repository tests with; npm has it in its cache already. */
export function installedHere(name: string): string {
  const { version } = readJson(join(repository, "node_modules", name, "package.json")) as { version: string };
  return `${name}@${version}`;
}
