import { arch, platform, release } from "node:os";
import type { Context } from "../command.js";
import { packageManagerNames } from "../new/package-manager.js";
import { packageVersion } from "../package.js";
import { isInstalled, runProgram } from "../programs.js";
import { readWorkspace, type Workspace } from "../workspace/workspace.js";
import { findInstalled } from "./installed.js";

/** Packages that decide how an app works, or that go wrong together. */
const PACKAGES = [
  "rookery",
  "socket.io-client",
  "class-validator",
  "class-transformer",
  "inversify",
  "reflect-metadata",
  "socket.io-adapter",
  "typescript",
  "@swc/core",
  "@swc/jest",
  "jest",
];

/** What `rookery info` shows, and what its `--json` prints. */
export interface InfoReport {
  /** Version of the command that runs. */
  readonly rookery: string;
  readonly system: { readonly os: string; readonly node: string };
  /** Versions by name, of those that are installed. */
  readonly packageManagers: Readonly<Record<string, string>>;
  readonly workspace: {
    readonly root: string;
    /** `null` when there is no nest-cli-like.json. */
    readonly file: string | null;
    readonly projects: readonly string[];
  };
  /** What the workspace's root resolves to; `null` when that is nothing. */
  readonly packages: Readonly<Record<string, string | null>>;
  readonly warnings: readonly string[];
}

/** @throws CliError `CLI_BAD_WORKSPACE` */
export async function collectInfo(context: Context): Promise<InfoReport> {
  const workspace = readWorkspace(context.cwd);
  const packages = versionsIn(workspace);
  return {
    rookery: packageVersion(),
    system: { os: `${platform()} ${release()} ${arch()}`, node: process.versions.node },
    packageManagers: await packageManagerVersions(context),
    workspace: { root: workspace.root, file: workspace.file ?? null, projects: workspace.projectNames },
    packages,
    warnings: warningsAbout(packages),
  };
}

function versionsIn({ root }: Workspace): Record<string, string | null> {
  return Object.fromEntries(PACKAGES.map((name) => [name, findInstalled(name, root)?.version ?? null]));
}

async function packageManagerVersions({ cwd, env, signal }: Context): Promise<Record<string, string>> {
  const names = packageManagerNames.filter((name) => isInstalled(name, env));
  const results = await Promise.all(
    names.map(async (name) => ({ name, ...(await runProgram(name, ["--version"], { cwd, env, signal })) })),
  );
  // One that fails is there by its name only: corepack's, for one, without a network.
  const working = results.filter(({ exitCode }) => exitCode === 0);
  return Object.fromEntries(working.map(({ name, tail }) => [name, tail.trim().split("\n").at(-1) ?? ""]));
}

function warningsAbout({ rookery }: Readonly<Record<string, string | null>>): string[] {
  const own = packageVersion();
  if (rookery === null || rookery === undefined || rookery === own) return [];
  return [`The project has rookery ${rookery}, and this command is of ${own}: run it by npx in the project's folder.`];
}
