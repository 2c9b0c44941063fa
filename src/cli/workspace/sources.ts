import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../errors.js";
import type { Project, Workspace } from "./workspace.js";

/**
 * The project's sources.
 *
 * @returns the absolute path.
 * @throws CliError `CLI_NO_SOURCES`
 */
export function sourceFolder({ root, file }: Workspace, { sourceRoot }: Project): string {
  const folder = resolve(root, sourceRoot);
  if (existsSync(folder)) return folder;
  const mend =
    file === undefined
      ? "Run the command in a project, or make one by rookery new."
      : `Make the folder, or correct sourceRoot in ${file}.`;
  throw new CliError("CLI_NO_SOURCES", { values: { folder, mend } });
}
