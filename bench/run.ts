import { mkdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { UsageError } from "./errors.js";
import { HELP, readOptions, type RunOptions } from "./options.js";
import { summarizeProfile } from "./profile.js";
import { renderTable } from "./report.js";
import { measureInTurns, type ProfileFile } from "./rounds.js";
import type { Scenario } from "./scenarios/scenario.js";

const PROFILES = resolve(import.meta.dirname, "../profiles");

async function run(options: RunOptions): Promise<void> {
  print(`Server CPU per unit, medians of ${options.rounds} interleaved rounds, Node ${process.version}.\n`);
  for (const scenario of options.scenarios) {
    const profiles = new Map<string, string>();
    const series = await measureInTurns(scenario, options, profileFiles(scenario, options, profiles));
    print(renderTable(scenario, series, options.reference));
    for (const [peer, file] of profiles)
      print(`${peer}: ${relative(process.cwd(), file)}\n${summarizeProfile(file)}\n`);
  }
}

/** Chooses a file per peer, the last round's winning, and notes it in `profiles`. */
function profileFiles(scenario: Scenario, options: RunOptions, profiles: Map<string, string>): ProfileFile {
  if (!options.profile) return () => undefined;
  mkdirSync(PROFILES, { recursive: true });
  return (peer) => {
    const file = resolve(PROFILES, `${scenario.name}-${peer}.cpuprofile`);
    profiles.set(peer, file);
    return file;
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) print(HELP);
  else await run(options);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${HELP}` : `${String(error)}\n`);
}
