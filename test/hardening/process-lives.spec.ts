import { join } from "node:path";
import type { Server } from "../support/peer.js";
import { RawWebSocket, type Site } from "../support/raw-websocket.js";
import { RemoteProcess } from "../support/remote-process.js";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** What a client sends, each on a connection of its own, and whether it is heard of again. */
const WAYS: [what: string, query: string, ...frames: string[]][] = [
  ["a handler throws", "", "40", '42["throw"]'],
  ["a handler rejects", "", "40", '42["reject"]'],
  ["a namespace middleware throws", "", "40/throwing,"],
  ["a namespace middleware rejects", "", "40/rejecting,"],
  ["a handler calls the acknowledgement that the client has not asked for", "", "40", '42["ask"]'],
  ["allowRequest throws", "&mistake=1"],
  ["JSON nested 200 000 deep is echoed", "", "40", `42["echo",${nested(200_000)}]`],
  ["a middleware refuses with an error whose data is cyclic", "", "40/cyclic,"],
];

describe("none of the eight ways in which socket.io's process ends ends ours", () => {
  let server: RemoteProcess<Server, { port: number }>;
  const cleanups: (() => void)[] = [];

  beforeAll(async () => {
    server = await RemoteProcess.start(join(__dirname, "servers/eight-ways.ts"), {});
  }, 60_000);

  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  afterAll(() => server.stop());

  const site = (): Site => ({
    port: server.details.port,
    onClose: (cleanup) => {
      cleanups.push(cleanup);
    },
  });

  it.each(WAYS)("%s", async (_what, query, ...frames) => {
    const bystander = await RawWebSocket.join(site());
    const address = `EIO=4&transport=websocket${query}`;
    // One that is refused by allowRequest does not open at all.
    const attacker = await RawWebSocket.open(site(), address).catch(() => undefined);
    attacker?.send(...frames);
    if (attacker === undefined) expect(query).not.toBe("");
    else await reactionOf(attacker, frames.length);

    // What ends a process may take it a turn: a rejection that nobody handles does.
    const pid = await server.run(
      () =>
        new Promise<number>((resolve) => {
          setImmediate(() => {
            resolve(process.pid);
          });
        }),
    );
    bystander.send('421["ask"]');
    expect(await bystander.next()).toBe('431["answer"]');
    expect(pid).toBeGreaterThan(0);
  });
});

/** The server has answered, closed, or served a question sent after the frames. */
async function reactionOf(attacker: RawWebSocket, sent: number): Promise<void> {
  await attacker.next();
  if (sent > 0) await attacker.next();
  if (sent < 2) return;
  attacker.send('421["ask"]');
  await attacker.next().catch(() => undefined);
}
