import { relative } from "node:path";
import { entryOf, type Layout } from "../build/layout.js";
import type { Context } from "../command.js";
import { CliError } from "../errors.js";
import { runProbe } from "../probe.js";
import { CONTRACT_VERSION, type ContractJson } from "./contract.js";

/**
 * What a built app serves, in its own words: it runs up to the point where it would start, in a process of its own.
 *
 * @param timeoutMs - how long it may take to get there.
 * @throws CliError `CLI_NO_ENTRY`, `CLI_NO_CONTRACT`, or the reason of the signal.
 */
export async function readContract(layout: Layout, timeoutMs: number, context: Context): Promise<ContractJson> {
  const entry = entryOf(layout);
  const options = { cwd: layout.root, timeoutMs };
  const { answer, text, problem } = await runProbe("contract.mjs", [entry], options, context);
  const file = relative(layout.root, entry);
  if (answer === undefined) {
    if (text !== "") context.output.errorLine(text);
    throw new CliError("CLI_NO_CONTRACT", { values: { file, problem } });
  }
  const contract = JSON.parse(answer) as ContractJson;
  if (contract.version === CONTRACT_VERSION) return contract;
  const versions = `its contract is of version ${contract.version}, this command reads ${CONTRACT_VERSION}`;
  throw new CliError("CLI_NO_CONTRACT", { values: { file, problem: versions } });
}
