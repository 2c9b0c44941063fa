import { openConnections } from "../load/connection.js";
import type { Scenario } from "./scenario.js";

/** Connected and left so before the first reading: what the server sets up once is not counted. */
const FIRST = 500;
const MORE = 3500;

/** What the server's memory grows by per connection that has joined the main namespace and says nothing. */
export const idleMemoryScenario: Scenario = {
  name: "memory",
  title: `${MORE} idle connections`,
  cost: "RSS KiB per connection",
  figures: [{ header: "heap KiB", format: (kib) => kib.toFixed(2) }],
  // The space for young objects grows to 30 MB, by the pace of connecting; it would be shared out among the connections.
  nodeOptions: ["--max-semi-space-size=1"],
  async measure(server) {
    const connections = await openConnections(server.port, FIRST);
    try {
      const before = await server.memory();
      connections.push(...(await openConnections(server.port, MORE)));
      const after = await server.memory();
      const grownKib = (kind: "rssBytes" | "heapBytes"): number => (after[kind] - before[kind]) / MORE / 1024;
      return { cost: grownKib("rssBytes"), figures: [grownKib("heapBytes")] };
    } finally {
      for (const connection of connections) connection.close();
    }
  },
};
