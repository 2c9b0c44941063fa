import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../errors.js";
import type { Change } from "./change.js";

/**
 * Writes every change or, after an error or an interrupt, none: the new files come to be in a folder beside the project's
 * own and are then moved to their places; what was moved already is put back when one cannot be.
 *
 * @param root - the project's folder.
 * @throws CliError `CLI_FILE`, or the reason of the signal.
 */
export async function writeChanges(changes: readonly Change[], root: string, signal: AbortSignal): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  let path = root;
  try {
    const stage = await mkdtemp(join(root, ".rookery-"));
    undo.push(() => rm(stage, { recursive: true, force: true }));
    const staged = await stageFiles(changes, stage, signal);
    for (const [change, file] of staged) {
      path = change.path;
      undo.push(...(await makeFolder(dirname(path))));
      await rename(file, path);
      undo.push(() => restore(change));
    }
    await rm(stage, { recursive: true, force: true });
  } catch (cause) {
    for (const step of undo.reverse()) await step();
    if (CliError.is(cause)) throw cause;
    throw new CliError("CLI_FILE", { values: { path, done: "written" }, cause });
  }
}

async function stageFiles(
  changes: readonly Change[],
  stage: string,
  signal: AbortSignal,
): Promise<Map<Change, string>> {
  const files = new Map<Change, string>();
  for (const [index, change] of changes.entries()) {
    signal.throwIfAborted();
    const file = join(stage, String(index));
    await writeFile(file, change.after);
    files.set(change, file);
  }
  signal.throwIfAborted();
  return files;
}

/** @returns how to undo it. */
async function makeFolder(folder: string): Promise<(() => Promise<unknown>)[]> {
  const first = await mkdir(folder, { recursive: true });
  return first === undefined ? [] : [() => rm(first, { recursive: true, force: true })];
}

async function restore({ path, before }: Change): Promise<void> {
  if (before === undefined) await rm(path, { force: true });
  else await writeFile(path, before);
}
