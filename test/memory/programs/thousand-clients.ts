/**
 * Connects 1,000 clients in memory, each with an acknowledged event, and closes the application. Prints
 * as JSON how many bytes of heap the clients took, and how many of them are left; what an application without clients takes
 * and leaves is not counted.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Ack, ConnectedSocket, Injectable, Namespace, OnConnect, OnEvent, Socket } from "rookery";
import { Test, type TestClient, type TestingApplication } from "rookery/testing";

const CLIENTS = 1_000;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 3;

@Injectable({ scope: "connection" })
class Drafts {
  readonly lines: string[] = [];
}

@Namespace("/chat")
@Injectable({ scope: "connection" })
class ChatGateway {
  constructor(private readonly drafts: Drafts) {}

  @OnConnect()
  async enter(@ConnectedSocket() socket: Socket): Promise<void> {
    await socket.join("lobby");
  }

  @OnEvent("add")
  @Ack()
  add(line: string): readonly string[] {
    this.drafts.lines.push(line);
    return this.drafts.lines;
  }
}

const collectGarbage = globalThis.gc as () => void;

async function start(): Promise<TestingApplication> {
  return Test.createTestingModule({ providers: [ChatGateway, Drafts] }).compile();
}

async function connectAll(app: TestingApplication, count: number): Promise<TestClient[]> {
  const clients: TestClient[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = await app.connect("/chat");
    await client.emitWithAck("add", `line ${index}`);
    clients.push(client);
  }
  return clients;
}

/** After collections enough for what finalizers and microtasks let go. */
async function heapBytes(): Promise<number> {
  for (let pass = 0; pass < 5; pass += 1) {
    await nextTurn();
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

interface Measured {
  readonly takenBytes: number;
  /** After the application was closed, itself included. */
  readonly leftBytes: number;
}

async function measure(count: number): Promise<Measured> {
  const before = await heapBytes();
  const app = await start();
  const clients = await connectAll(app, count);
  const during = await heapBytes();
  if (clients.some(({ connected }) => !connected)) throw new Error("not everybody is connected");
  clients.length = 0;
  await app.close();
  const after = await heapBytes();
  if (app.log.length > 0) throw new Error(`the application logged ${JSON.stringify(app.log)}`);
  return { takenBytes: during - before, leftBytes: after - before };
}

function median(measured: readonly Measured[], what: keyof Measured): number {
  const values = measured.map((each) => each[what]).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}

// Compiled code and caches are there once this has run a few times.
for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await measure(CLIENTS);
const alone: Measured[] = [];
const crowded: Measured[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  alone.push(await measure(0));
  crowded.push(await measure(CLIENTS));
}
const takenBytes = median(crowded, "takenBytes") - median(alone, "takenBytes");
const leftBytes = median(crowded, "leftBytes") - median(alone, "leftBytes");
process.stdout.write(JSON.stringify({ takenBytes, leftBytes }));
