import { rm } from "node:fs/promises";
import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import { isInstalled, runProgram, type ProgramOptions } from "../programs.js";
import { PACKAGE_MANAGERS } from "./package-manager.js";
import { projectFiles } from "./project-files.js";
import type { ProjectPlan } from "./project-plan.js";
import { isFree, writeFolder } from "./staging.js";

/** What is done beside writing the files. */
export interface CreateOptions {
  readonly git: boolean;
  readonly install: boolean;
}

/**
 * Writes the project, makes it a git repository, installs its dependencies. An interrupt takes away what was new.
 *
 * @throws CliError `CLI_NO_PROGRAM`, `CLI_FILE`, `CLI_INSTALL_FAILED`, `CLI_INTERRUPTED`
 */
export async function createProject(plan: ProjectPlan, options: CreateOptions, context: Context): Promise<void> {
  checkPackageManager(plan, options, context);
  const isNew = isFree(plan.folder);
  await writeFolder(plan.folder, projectFiles(plan), context.signal);
  try {
    if (options.git) await makeRepository(plan, context);
    if (options.install) await install(plan, context);
  } catch (error) {
    if (isNew && context.signal.aborted) await rm(plan.folder, { recursive: true, force: true });
    throw error;
  }
}

/** That it is missing is known before the first file is written. */
export function checkPackageManager({ packageManager }: ProjectPlan, options: CreateOptions, { env }: Context): void {
  if (!options.install || isInstalled(packageManager, env)) return;
  const mend = "Install it, choose another one by --package-manager, or leave it for later by --skip-install.";
  throw new CliError("CLI_NO_PROGRAM", { values: { program: packageManager, mend } });
}

/** Without git, or within another repository, there is nothing to do. */
async function makeRepository({ folder }: ProjectPlan, context: Context): Promise<void> {
  const { env, output } = context;
  if (!isInstalled("git", env)) {
    output.warn("git is not installed: the project is no repository.");
    return;
  }
  const options: ProgramOptions = { cwd: folder, env, signal: context.signal };
  const inside = await runProgram("git", ["rev-parse", "--is-inside-work-tree"], options);
  if (inside.exitCode === 0) return;
  const { exitCode, tail } = await runProgram("git", ["init", "--quiet", "--initial-branch=main"], options);
  if (exitCode !== 0) output.warn(`the project is no repository, git init failed: ${tail.trim()}`);
}

async function install({ folder, packageManager }: ProjectPlan, context: Context): Promise<void> {
  const { output, signal } = context;
  const command = PACKAGE_MANAGERS[packageManager].install;
  const progress = output.progress(command);
  try {
    const { exitCode, tail } = await runProgram(packageManager, ["install"], { cwd: folder, env: context.env, signal });
    if (exitCode !== 0) {
      output.errorLine(tail.trimEnd());
      throw new CliError("CLI_INSTALL_FAILED", { values: { command, folder } });
    }
    progress.succeed();
  } catch (error) {
    progress.fail();
    throw error;
  }
}
