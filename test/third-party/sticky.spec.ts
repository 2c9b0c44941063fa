import { io as connect, type ManagerOptions, type Socket as ClientSocket } from "socket.io-client";
import { engineOf } from "../support/clients.js";
import { nextEvent, until } from "../support/waiting.js";
import { joined, type Member } from "./cluster.js";
import { startNodeCluster, type NodeCluster } from "./node-cluster.js";

describe("@socket.io/sticky in front of two workers", () => {
  let cluster: NodeCluster;
  const clients: ClientSocket[] = [];

  beforeAll(async () => {
    cluster = await startNodeCluster();
    await joined(cluster);
  }, 60_000);
  beforeEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await until(async () => (await sizes()).every((size) => size === 0), "nobody is there");
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await cluster.stop();
  });

  const sizes = (): Promise<number[]> => Promise.all([cluster.first, cluster.second].map(sizeOf));
  const comeIn = async (count: number, options: Partial<ManagerOptions>): Promise<ClientSocket[]> => {
    const visitors = Array.from({ length: count }, () => connectPersistently(cluster.url, options));
    clients.push(...visitors);
    await Promise.all(visitors.map((client) => nextEvent(client, "connect")));
    return visitors;
  };

  describe.each([
    ["polling", ["polling"]],
    ["websocket", ["websocket"]],
    ["an upgrade", ["polling", "websocket"]],
  ])("over %s", (_, transports) => {
    it("shares clients out to the workers, which reach them all", async () => {
      const visitors = await comeIn(6, { transports });
      const [first = 0, second = 0] = await sizes();
      expect(first + second).toBe(6);
      expect(Math.min(first, second)).toBeGreaterThan(0);

      const received = visitors.map((client) => nextEvent(client, "news"));
      await cluster.first.run((io) => io.emit("news", 1));
      expect(await Promise.all(received)).toEqual(Array(6).fill([1]));
    });

    it("brings what comes in many chunks to the worker of its session", async () => {
      const visitors = await comeIn(4, { transports });
      const texts = visitors.map((_, index) => String(index).repeat(300_000));
      const echoes = visitors.map((client, index) => client.timeout(4_000).emitWithAck("echo", texts[index]));

      expect(await Promise.all(echoes)).toEqual(texts);
    });
  });

  describe("when a worker dies", () => {
    it("brings its clients to the other", async () => {
      const visitors = await comeIn(4, { transports: ["websocket"] });
      const there = await sizeOf(cluster.second);
      for (const client of visitors) client.io.reconnection(false);
      await cluster.second.stop();
      await until(() => visitors.filter(({ connected }) => !connected).length === there, "its clients know");
      for (const client of visitors) client.io.reconnection(true);
      for (const client of visitors) client.connect();
      await until(async () => (await sizeOf(cluster.first)) === 4, "all are at the first worker");

      const received = visitors.map((client) => nextEvent(client, "news"));
      await cluster.first.run((io) => io.emit("news", 1));
      expect(await Promise.all(received)).toEqual(Array(4).fill([1]));
    });
  });
});

function sizeOf(member: Member): Promise<number> {
  return member.run((io) => io.of("/").sockets.size);
}

/** Longer than a connection takes on a busy machine. */
const ATTEMPT_MS = 1_000;

/**
 * A client that tries again. It may poll before the primary has heard of its session; and while a connection is handed
 * over, node may still read from it in the primary, so that what the client sends gets lost.
 */
function connectPersistently(url: string, options: Partial<ManagerOptions>): ClientSocket {
  const patience = { reconnectionDelay: 10, reconnectionDelayMax: 100, timeout: ATTEMPT_MS };
  const client = connect(url, { auth: { name: "", rooms: [] }, forceNew: true, ...patience, ...options });
  client.io.on("open", () => {
    const deadline = setTimeout(() => engineOf(client).close(), ATTEMPT_MS);
    client.once("connect", () => {
      clearTimeout(deadline);
    });
  });
  return client;
}
