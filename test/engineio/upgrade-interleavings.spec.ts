import fc from "fast-check";
import { setImmediate as nextTurn } from "node:timers/promises";
import { EngineServer, type EngineSocket } from "../../src/engineio/index.js";
import { ManualClock } from "../support/manual-clock.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { UpgradingClient } from "../support/upgrading-client.js";

/** What may happen next; where it makes no sense, nothing does. */
const STEPS = [
  "server sends",
  "client sends",
  "poll",
  "post ends",
  "probe",
  "probe is lost",
  "time passes",
  "server pings",
  "turn",
  "client looks",
] as const;

type Step = (typeof STEPS)[number];

interface Scene {
  readonly client: UpgradingClient;
  readonly socket: EngineSocket;
  readonly clock: ManualClock;
  readonly log: RecordingLogger;
  /** Whether a ping is on its way, or has been: one a scene, so that no answer can come too late. */
  isPinged: boolean;
  /** What the server has received. */
  readonly heard: unknown[];
  readonly closed: unknown[];
  /** How many messages each side has sent. */
  readonly sent: { byServer: number; byClient: number };
}

const scenes: Scene[] = [];

afterEach(() => {
  for (const { client } of scenes.splice(0)) client.dispose();
});

function open(): Scene {
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const engine = new EngineServer({ clock, logger: log });
  const heard: unknown[] = [];
  const closed: unknown[] = [];
  let socket: EngineSocket | undefined;
  engine.onConnection = (session) => {
    socket = session;
    return {
      onMessage: (data) => heard.push(data),
      onClose: (reason) => closed.push(reason),
      onDrain: () => undefined,
    };
  };
  const client = UpgradingClient.open(engine);
  if (socket === undefined) throw new Error("no session");
  return { client, socket, clock, log, isPinged: false, heard, closed, sent: { byServer: 0, byClient: 0 } };
}

async function take(step: Step, scene: Scene): Promise<void> {
  const { client, socket, clock, sent } = scene;
  switch (step) {
    case "server sends":
      socket.send(`s${(sent.byServer += 1)}`);
      break;
    case "client sends":
      client.send(`c${(sent.byClient += 1)}`);
      break;
    case "poll":
      client.poll();
      break;
    case "post ends":
      client.finishPost();
      break;
    case "probe":
      client.probe();
      break;
    case "probe is lost":
      client.loseProbe();
      break;
    case "time passes":
      clock.advance(100);
      break;
    case "server pings":
      // So much time has passed that a body would be late, and an upgrade; what its client has said has been read.
      client.finishPost();
      await nextTurn();
      if (!scene.isPinged) clock.advance(25_000);
      scene.isPinged = true;
      break;
    case "turn":
      await nextTurn();
      break;
    case "client looks":
      client.step();
  }
}

/** Goes on until all that was sent has come, as far as that is possible. */
async function settle(scene: Scene): Promise<void> {
  const { client, heard, sent } = scene;
  for (let count = 0; count < 50; count += 1) {
    if (client.received.length >= sent.byServer && heard.length >= sent.byClient && count > 5) return;
    client.finishPost();
    await nextTurn();
    client.step();
    client.poll();
    scene.clock.advance(100);
  }
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

async function plays(steps: readonly Step[]): Promise<Scene> {
  const scene = open();
  for (const step of steps) await take(step, scene);
  await settle(scene);
  scenes.push(scene);
  return scene;
}

function losesNothing({ client, socket, heard, closed, sent, log }: Scene): void {
  expect({ received: client.received, heard, closed, lines: log.lines }).toEqual({
    received: numbered("s", sent.byServer),
    heard: numbered("c", sent.byClient),
    closed: [],
    lines: [],
  });
  expect(socket.transport.name).toBe(client.isUpgraded ? "websocket" : "polling");
}

describe("an upgrade, whatever happens in which order,", () => {
  it("loses, doubles and reorders nothing", async () => {
    const step = fc.constantFrom(...STEPS);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        losesNothing(await plays(steps));
      }),
      { numRuns: 400, interruptAfterTimeLimit: 10_000 },
    );
  });

  it("loses, doubles and reorders nothing when it is tried at every point of one exchange", async () => {
    const exchange: Step[] = [
      "poll",
      "server sends",
      "turn",
      "client looks",
      "client sends",
      "poll",
      "turn",
      "post ends",
    ];
    const attempt: Step[] = ["probe", "turn", "client looks", "server sends", "client sends", "turn", "client looks"];
    for (let at = 0; at <= exchange.length; at += 1) {
      for (let length = 1; length <= attempt.length; length += 1) {
        const before = exchange.slice(0, at);
        const after = exchange.slice(at);
        const lost: Step[] = [...before, ...attempt.slice(0, length), "probe is lost", ...after];
        const kept: Step[] = [...before, ...attempt.slice(0, length), ...after, ...attempt];
        losesNothing(await plays(lost));
        losesNothing(await plays(kept));
      }
    }
  });

  it("comes to its end", async () => {
    const { client, socket } = await plays(["poll", "probe", "turn", "client looks", "server sends"]);

    expect([client.isUpgraded, socket.transport.name]).toEqual([true, "websocket"]);
  });
});
