/**
 * The same test in memory and over a real socket: how many connects and how many acknowledged events it gets done in a
 * second, and how long a whole small test takes. One process, client and server together, as a test runner has them.
 */
import { once } from "node:events";
import type * as Rookery from "rookery";
import type * as Testing from "rookery/testing";
import { io } from "socket.io-client";
import { importBuilt } from "../peers/built-package.js";
import { median } from "../statistics.js";

const { Ack, Application, ConnectedSocket, Module, Namespace, OnEvent } = await importBuilt<typeof Rookery>("index.js");
const { Test } = await importBuilt<typeof Testing>("testing/index.js");

const ROUNDS = 5;
const CONNECTS = 500;
const ACKS = 5_000;
const TESTS = 20;

@Namespace("/chat")
class ChatGateway {
  @OnEvent("say")
  @Ack()
  say(text: unknown, @ConnectedSocket() socket: Rookery.Socket): string {
    socket.broadcast.emit("said", text);
    return "ok";
  }
}

@Module({ providers: [ChatGateway] })
class AppModule {}

interface Client {
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  disconnect(): unknown;
  /** Waits for the next event of that name. */
  hear(event: string): Promise<unknown>;
}

interface Running {
  connect(): Promise<Client>;
  close(): Promise<unknown>;
}

/** A way to run the test. */
type Setting = () => Promise<Running>;

const inMemory: Setting = async () => {
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  return {
    connect: async () => {
      const client = await app.connect("/chat");
      return {
        emitWithAck: (event, ...args) => client.emitWithAck(event, ...args),
        disconnect: () => client.disconnect(),
        hear: (event) => client.next(event),
      };
    },
    close: () => app.close(),
  };
};

const overSocket: Setting = async () => {
  const app = await Application.create(AppModule, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
  await app.listen(0, "127.0.0.1");
  const url = `http://127.0.0.1:${app.address().port}/chat`;
  return {
    connect: async () => {
      const client = io(url, { transports: ["websocket"], forceNew: true, reconnection: false });
      await once(client as never, "connect");
      return {
        emitWithAck: (event, ...args) => client.emitWithAck(event, ...args),
        disconnect: () => client.disconnect(),
        hear: (event) => once(client as never, event),
      };
    },
    close: () => app.close({ drainMs: 100 }),
  };
};

interface Figures {
  readonly connectsPerSecond: number;
  readonly acksPerSecond: number;
  readonly testMs: number;
}

async function measure(setting: Setting): Promise<Figures> {
  const running = await setting();
  const clients: Client[] = [];
  const connectMs = await timeOf(CONNECTS, async () => {
    clients.push(await running.connect());
  });
  for (const client of clients) client.disconnect();
  const asking = await running.connect();
  const ackMs = await timeOf(ACKS, () => asking.emitWithAck("say", "hi"));
  await running.close();
  const testMs = (await timeOf(TESTS, () => smallTest(setting))) / TESTS;
  return { connectsPerSecond: (CONNECTS / connectMs) * 1_000, acksPerSecond: (ACKS / ackMs) * 1_000, testMs };
}

/** What a test of one handler does, from start to end. */
async function smallTest(setting: Setting): Promise<void> {
  const running = await setting();
  const [ann, bob] = [await running.connect(), await running.connect()];
  const heard = bob.hear("said");
  await ann.emitWithAck("say", "hi");
  await heard;
  ann.disconnect();
  bob.disconnect();
  await running.close();
}

async function timeOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let time = 0; time < times; time++) await work();
  return performance.now() - start;
}

const settings: readonly (readonly [name: string, setting: Setting])[] = [
  ["in memory", inMemory],
  ["over a socket", overSocket],
];
const figures = new Map<string, Figures[]>(settings.map(([name]) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, setting] of settings) figures.get(name)?.push(await measure(setting));
}
process.stdout.write("                 connects/s       acks/s   ms per small test\n");
for (const [name, rounds] of figures) {
  const connects = median(rounds.map(({ connectsPerSecond }) => connectsPerSecond)).toFixed(0);
  const acks = median(rounds.map(({ acksPerSecond }) => acksPerSecond)).toFixed(0);
  const testMs = median(rounds.map((each) => each.testMs)).toFixed(2);
  process.stdout.write(`${name.padEnd(15)}${connects.padStart(12)}${acks.padStart(13)}${testMs.padStart(20)}\n`);
}
