import { UsageError } from "../errors.js";
import { peers } from "../peers/index.js";
import { measureMemory } from "./memory.js";
import type { Command, Report } from "./messages.js";
import { CpuProfiler } from "./profiler.js";

/** Entry of a server process: `main.js <peer> [profile file]`. Lives until told to stop or left alone. */
async function main(peerName: string, profileFile: string | undefined): Promise<void> {
  const load = peers[peerName];
  if (load === undefined) throw new UsageError(`There is no peer ${peerName}.`);
  const profiler = profileFile === undefined ? undefined : new CpuProfiler(profileFile);
  const { peer } = await load();
  const port = await peer.start();
  process.on("message", (command: Command) => {
    void obey(command, profiler);
  });
  report({ type: "listening", port });
}

async function obey(command: Command, profiler: CpuProfiler | undefined): Promise<void> {
  if (command === "stop") process.exit(0);
  if (command === "memory") {
    report(await measureMemory());
    return;
  }
  if (command === "begin") await profiler?.start();
  const { user, system } = process.cpuUsage();
  if (command === "end") await profiler?.stop();
  report({ type: "usage", cpuUs: user + system });
}

function report(message: Report): void {
  process.send?.(message);
}

process.on("disconnect", () => process.exit(0));
await main(process.argv[2] ?? "", process.argv[3]);
