import { Connection } from "../load/connection.js";
import type { ServerProcess } from "../server/server-process.js";
import type { Sample, Scenario } from "./scenario.js";

const figures = [{ header: "CPU ms", format: (ms: number) => ms.toFixed(0) }];

/** How long a client waits for a server that has just been started: loading, assembling, listening, the first handshake. */
export const startScenarios: readonly Scenario[] = [
  {
    name: "start",
    title: "start to first connection",
    cost: "ms",
    figures,
    environment: { BENCH_ORDERS: "no" },
    measure: measureStart,
  },
  { name: "start-dto", title: "the same, with a validated DTO", cost: "ms", figures, measure: measureStart },
];

async function measureStart(server: ServerProcess): Promise<Sample> {
  const connection = await Connection.open(server.port);
  const elapsedMs = performance.now() - server.startedAt;
  connection.close();
  return { cost: elapsedMs, figures: [(await server.endMeasuring()).cpuUs / 1000] };
}
