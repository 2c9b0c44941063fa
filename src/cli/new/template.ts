import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../package.js";
import type { ProjectFile, ProjectPlan } from "./project-plan.js";

/**
 * The templates are real files, so that this repository's own compiler, linter and tests hold them. The package ships the
 * folder as it stands: nothing copies it, and it is in the same place for `src/cli` and for `dist/cli`.
 */
const TEMPLATES_FOLDER = join(packageFolder, "src/cli/templates");

/** The application's own files: those of the template, some of them replaced for CommonJS (`<template>-cjs`). */
export function templateFiles({ template, module }: ProjectPlan): ProjectFile[] {
  const files = new Map(readFolder(template).map((file) => [file.path, file]));
  if (module === "cjs") for (const file of readFolder(`${template}-cjs`)) files.set(file.path, file);
  return [...files.values()];
}

function readFolder(name: string): ProjectFile[] {
  const folder = join(TEMPLATES_FOLDER, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: path.slice(folder.length + 1).replaceAll("\\", "/"),
      content: readFileSync(path, "utf8"),
    }));
}
