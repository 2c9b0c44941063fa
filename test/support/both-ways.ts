import type { Pair, Rig } from "./clients.js";
import type { EventSource } from "./waiting.js";

/** One end of a connection, of whichever side. */
export interface End extends EventSource {
  emit(event: string, ...args: unknown[]): unknown;
}

/** The same test from the server to the client and from the client to the server. */
export function itWorksBothWays(rig: Rig, name: string, test: (from: End, to: End) => Promise<void>): void {
  const ways = {
    "to the client": ({ client, socket }: Pair) => test(socket, client),
    "to the server": ({ client, socket }: Pair) => test(client, socket),
  };
  for (const [way, run] of Object.entries(ways)) {
    it(`${name} ${way}`, async () => {
      const stage = await rig.open();
      await run(await stage.pair());
    });
  }
}
