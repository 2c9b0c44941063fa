import { asError, BenchmarkError } from "./errors.js";
import type { RunOptions } from "./options.js";
import type { Sample, Scenario } from "./scenarios/scenario.js";
import { ServerProcess } from "./server/server-process.js";

/** One peer's samples in one scenario, a sample a round. */
export interface Series {
  /** As it was asked for. */
  readonly peer: string;
  readonly samples: Sample[];
}

/** Where the profile of a measurement goes; undefined when none is wanted. */
export type ProfileFile = (peer: string, round: number) => string | undefined;

/** Measures all peers in turns (A B A B …), each time in a fresh process: a machine that gets slower slows all. */
export async function measureInTurns(
  scenario: Scenario,
  options: RunOptions,
  profileFile: ProfileFile,
): Promise<Series[]> {
  const all = options.peers.map((peer): Series => ({ peer: peer.label, samples: [] }));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [index, peer] of options.peers.entries()) {
      const { nodeOptions, environment } = scenario;
      const server = await ServerProcess.start(peer, {
        nodeOptions,
        environment,
        profileFile: profileFile(peer.name, round),
      });
      try {
        const sample = await scenario.measure(server, options.timing);
        all[index]?.samples.push(sample);
      } catch (error) {
        const where = `${scenario.name}, ${peer.label}, round ${round}`;
        throw new BenchmarkError(`${where}: ${asError(error).message}`, { cause: error });
      } finally {
        await server.stop();
      }
    }
  }
  return all;
}
