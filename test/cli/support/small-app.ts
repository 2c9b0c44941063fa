import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Desk } from "./cli.js";

const repository = join(__dirname, "../../..");

/** Compiler options of a project that is built; the app itself needs no package. */
export const COMPILER_OPTIONS = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  rootDir: "src",
  outDir: "dist",
  sourceMap: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  types: ["node"],
};

/** Writes a project, with the packages that it is built with. */
export function writeProject(desk: Desk, files: Readonly<Record<string, string | object>>): void {
  const defaults = {
    "package.json": { type: "module" },
    "tsconfig.json": { compilerOptions: COMPILER_OPTIONS, include: ["src"] },
  };
  for (const [path, content] of Object.entries({ ...defaults, ...files })) desk.write(path, content);
  for (const name of ["typescript", "@swc/core", "@types/node"]) link(desk, name);
}

/** Makes a package of this repository one of the project, in place of what is there; `rookery` is the repository itself. */
export function link(desk: Desk, name: string): void {
  const target = join(desk.folder, "node_modules", name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(name === "rookery" ? repository : join(repository, "node_modules", name), target);
}
