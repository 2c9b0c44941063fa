import { spawn, type ChildProcess } from "node:child_process";
import { join, relative } from "node:path";
import { entryOf, type Layout } from "../build/layout.js";
import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import { packageFolder } from "../package.js";
import { CONTRACT_VERSION, type ContractJson } from "./contract.js";

const PROBE = join(packageFolder, "src/cli/probes/contract.mjs");
const MAX_TEXT_LENGTH = 16_384;

/**
 * What a built app serves, in its own words: it runs up to the point where it would start, in a process of its own.
 *
 * @param timeoutMs - how long it may take to get there.
 * @throws CliError `CLI_NO_ENTRY`, `CLI_NO_CONTRACT`, or the reason of the signal.
 */
export async function readContract(layout: Layout, timeoutMs: number, context: Context): Promise<ContractJson> {
  const { env, signal } = context;
  const entry = entryOf(layout);
  const child = spawn(process.execPath, ["--enable-source-maps", PROBE, entry], {
    cwd: layout.root,
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  const timer = context.clock.setTimeout(stop, timeoutMs);
  try {
    const { message, text, problem } = await outcomeOf(child, timeoutMs);
    signal.throwIfAborted();
    if (message !== undefined) return parseContract(message, entry);
    if (text !== "") context.output.errorLine(text);
    throw noContract(relative(layout.root, entry), problem);
  } finally {
    context.clock.clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

interface ProbeOutcome {
  readonly message: string | undefined;
  /** What the app has written. */
  readonly text: string;
  readonly problem: string;
}

function outcomeOf(child: ChildProcess, timeoutMs: number): Promise<ProbeOutcome> {
  let message: string | undefined;
  let text = "";
  child.on("message", (sent) => {
    message = String(sent);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (written: string) => {
      text = (text + written).slice(-MAX_TEXT_LENGTH);
    });
  }
  return new Promise((resolve) => {
    child.on("close", (exitCode) => {
      const problem =
        exitCode === null ? `it has not come to start within ${timeoutMs} ms` : `it has ended with ${exitCode} before`;
      resolve({ message, text: text.trimEnd(), problem });
    });
    child.on("error", (error) => resolve({ message, text, problem: error.message }));
  });
}

function parseContract(text: string, entry: string): ContractJson {
  const contract = JSON.parse(text) as ContractJson;
  if (contract.version === CONTRACT_VERSION) return contract;
  throw noContract(entry, `its rookery writes version ${contract.version} of the contract, this one reads ${CONTRACT_VERSION}`);
}

function noContract(file: string, problem: string): CliError {
  return new CliError("CLI_NO_CONTRACT", { values: { file, problem } });
}
