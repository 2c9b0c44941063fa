import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { asError, UsageError } from "./errors.js";
import { peers, REFERENCE_PEER } from "./peers/index.js";
import { scenarios } from "./scenarios/index.js";
import type { Scenario, Timing } from "./scenarios/scenario.js";
import type { PeerChoice } from "./server/server-process.js";

export const HELP = `npm run bench -- [options]

  --rounds <n>        how often each peer is measured (default 5)
  --scenario <name>   only this one; repeatable: ${scenarios.map(({ name }) => name).join(", ")}
  --peer <name>       only these, in this order; repeatable, and twice the same shows the noise: ${Object.keys(peers).join(", ")};
                      rookery@<folder> and rookery-core@<folder> take another build than ./dist
  --reference <peer>  whose cost is divided by the others' (default ${REFERENCE_PEER})
  --quick             two short rounds: does it run, not how fast is it
  --profile           also write CPU profiles to bench/profiles and print where the time goes (the figures suffer)
  --help
`;

/** What to run. */
export interface RunOptions {
  readonly rounds: number;
  readonly scenarios: readonly Scenario[];
  readonly peers: readonly PeerChoice[];
  /** Label of the peer that the others are compared with; the table goes without when it is not measured. */
  readonly reference: string;
  readonly timing: Timing;
  readonly profile: boolean;
}

const THOROUGH: Timing = { warmUpMs: 700, measureMs: 1000 };
const QUICK: Timing = { warmUpMs: 200, measureMs: 300 };

/** Reads the command line; undefined when only help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[]): RunOptions | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const quick = values.quick === true;
  return {
    rounds: readRounds(values.rounds ?? (quick ? "2" : "5")),
    scenarios: (values.scenario ?? scenarios.map(({ name }) => name)).map(findScenario),
    peers: (values.peer ?? Object.keys(peers)).map(choosePeer),
    reference: values.reference ?? REFERENCE_PEER,
    timing: quick ? QUICK : THOROUGH,
    profile: values.profile === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: "string" },
        scenario: { type: "string", multiple: true },
        peer: { type: "string", multiple: true },
        reference: { type: "string" },
        quick: { type: "boolean" },
        profile: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(asError(error).message, { cause: error });
  }
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError(`--rounds must be a whole number from 1: ${text}`);
  return rounds;
}

function findScenario(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new UsageError(`There is no scenario ${name}.`);
  return scenario;
}

function choosePeer(label: string): PeerChoice {
  const [name = "", build] = label.split("@");
  if (!Object.hasOwn(peers, name)) throw new UsageError(`There is no peer ${name}.`);
  return { label, name, build: build === undefined ? undefined : resolve(build) };
}
