import { existsSync, lstatSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CliError } from "../errors.js";
import type { ProjectFile } from "./project-plan.js";

/** @throws CliError `CLI_FOLDER_NOT_EMPTY` */
export function checkFree(folder: string): void {
  if (!isFree(folder)) throw new CliError("CLI_FOLDER_NOT_EMPTY", { values: { folder } });
}

/** Whether nothing is lost when the folder is replaced. */
export function isFree(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats === undefined || (stats.isDirectory() && readdirSync(folder).length === 0);
}

/**
 * Writes files so that a folder has all of them or, after an error or an interrupt, is as before: they come to be in a
 * folder beside it, which then takes its place. Into a folder that is not free, the finished files are moved one by one.
 *
 * @throws CliError `CLI_FILE`, or the reason of the signal.
 */
export async function writeFolder(folder: string, files: readonly ProjectFile[], signal: AbortSignal): Promise<void> {
  const stage = await makeStage(folder);
  try {
    // Not the stage itself: a temporary folder is its owner's alone, and the project keeps the usual rights.
    const project = join(stage, "project");
    for (const file of files) {
      signal.throwIfAborted();
      await writeInto(project, file);
    }
    if (isFree(folder)) await takePlace(folder, project);
    else await moveFiles(folder, project, files);
  } catch (cause) {
    if (CliError.is(cause)) throw cause;
    throw new CliError("CLI_FILE", { values: { path: folder, done: "written" }, cause });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function makeStage(folder: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  } catch (cause) {
    throw new CliError("CLI_FILE", { values: { path: folder, done: "written" }, cause });
  }
}

async function writeInto(project: string, { path, content, isExecutable = false }: ProjectFile): Promise<void> {
  const target = join(project, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { mode: isExecutable ? 0o755 : 0o644 });
}

async function takePlace(folder: string, project: string): Promise<void> {
  if (existsSync(folder)) await rmdir(folder);
  await rename(project, folder);
}

async function moveFiles(folder: string, project: string, files: readonly ProjectFile[]): Promise<void> {
  for (const { path } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rename(join(project, path), join(folder, path));
  }
}
