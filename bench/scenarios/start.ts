import { Connection } from "../load/connection.js";
import type { Scenario } from "./scenario.js";

/** How long a client waits for a server that has just been started: loading, assembling, listening, the first handshake. */
export const startScenario: Scenario = {
  name: "start",
  title: "start to first connection",
  cost: "ms",
  figures: [{ header: "CPU ms", format: (ms) => ms.toFixed(0) }],
  async measure(server) {
    const connection = await Connection.open(server.port);
    const elapsedMs = performance.now() - server.startedAt;
    connection.close();
    return { cost: elapsedMs, figures: [(await server.endMeasuring()).cpuUs / 1000] };
  },
};
