import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BenchmarkError } from "../errors.js";
import { median, pairedRatio } from "../statistics.js";

const run = promisify(execFile);
const ROUNDS = 15;
const OWN_COMMAND = fileURLToPath(new URL("../../../dist/cli/bin.js", import.meta.url));
/** The newest that run on Node.js 20, and the newest TypeScript with the API that they need. */
const NEST_PACKAGES = ["@nestjs/cli@11", "@nestjs/schematics@11", "typescript@5"];

/** One command line, timed from the start of its process to its end. */
interface Subject {
  readonly name: string;
  readonly command: string;
  readonly cwd: string;
}

/** The same task of both, and what proves that it was done. */
interface Task {
  readonly title: string;
  readonly args: readonly string[];
  readonly proof: RegExp;
}

const TASKS: readonly Task[] = [
  { title: "version", args: ["--version"], proof: /^\d+\.\d+\.\d+/ },
  {
    title: "generate gateway, dry run",
    args: ["generate", "gateway", "chat", "--dry-run"],
    proof: /chat\.gateway\.ts/,
  },
];

/** How long the command lines of Rookery and NestJS take; Rookery's is the built one of this repository. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rookery-bench-cli-"));
  try {
    const own = await prepareOwn(folder);
    const nest = await prepareNest(folder);
    const bareMs = median(await repeat(() => timeOf(process.execPath, ["-e", "0"], folder)));
    print(`bare node: ${bareMs.toFixed(0)} ms; median of ${ROUNDS} runs, by turns`);
    for (const task of TASKS) print(await compare(task, own, nest));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepareOwn(folder: string): Promise<Subject> {
  await run(process.execPath, [OWN_COMMAND, "new", "own", "--yes", "--skip-install", "--skip-git"], { cwd: folder });
  return { name: "rookery", command: OWN_COMMAND, cwd: join(folder, "own") };
}

async function prepareNest(folder: string): Promise<Subject> {
  const home = join(folder, "nest");
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...NEST_PACKAGES], { cwd: home });
  const command = join(home, "node_modules/@nestjs/cli/bin/nest.js");
  const flags = ["--skip-install", "--skip-git", "--package-manager", "npm"];
  await run(process.execPath, [command, "new", "peer", ...flags], { cwd: home });
  return { name: "nest", command, cwd: join(home, "peer") };
}

async function compare(task: Task, own: Subject, nest: Subject): Promise<string> {
  const [ownMs, nestMs]: [number[], number[]] = [[], []];
  // The first round of each warms the disk's cache.
  for (let round = 0; round <= ROUNDS; round++) {
    const [a, b] = [await timeTask(task, own), await timeTask(task, nest)];
    if (round > 0) {
      ownMs.push(a);
      nestMs.push(b);
    }
  }
  const { median: ratio, lowest, highest } = pairedRatio(nestMs, ownMs);
  const times = `rookery ${median(ownMs).toFixed(0)} ms, nest ${median(nestMs).toFixed(0)} ms`;
  return `${task.title}: ${times}, ${ratio.toFixed(1)} times as fast (${lowest.toFixed(1)} to ${highest.toFixed(1)})`;
}

async function timeTask({ args, proof, title }: Task, { name, command, cwd }: Subject): Promise<number> {
  const startedAt = performance.now();
  const { stdout } = await run(process.execPath, [command, ...args], { cwd });
  const elapsedMs = performance.now() - startedAt;
  if (!proof.test(stdout)) throw new BenchmarkError(`${name} did not do "${title}": ${stdout}`);
  return elapsedMs;
}

async function timeOf(program: string, args: readonly string[], cwd: string): Promise<number> {
  const startedAt = performance.now();
  await run(program, args, { cwd });
  return performance.now() - startedAt;
}

async function repeat(measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) values.push(await measure());
  return values;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
