import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, departure, join, type RawPair } from "./joining.js";
import { ManualClock } from "./manual-clock.js";
import type { Server, ServerOptions, Socket } from "./peer.js";
import type { Frame, RawWebSocket } from "./raw-websocket.js";
import { RecordingLogger } from "./recording-logger.js";
import { Stage } from "./stage.js";
import { nextEvent } from "./waiting.js";

/** How a server reacts to bad input: the reason its socket hears, and the code with which the WebSocket closes. */
export type Reaction = readonly [reason: unknown, closeCode: number];

/** What socket.io clients see of every close by the server; the frame carries no code. */
export const FORCED_CLOSE: Reaction = ["forced close", 1005];

/**
 * A server with an attacker and a bystander, who must not be harmed. Its time is the test's; jest fails a test during
 * which the process hears of an uncaught exception or an unhandled rejection.
 */
export class Siege {
  readonly stage: Stage;
  readonly clock: ManualClock;
  readonly log: RecordingLogger;
  readonly #bystander: RawPair;

  private constructor(stage: Stage, clock: ManualClock, log: RecordingLogger, bystander: RawPair) {
    this.stage = stage;
    this.clock = clock;
    this.log = log;
    this.#bystander = bystander;
  }

  /** @param prepare - sets the server up, before the bystander joins. */
  static async open(options: Partial<ServerOptions> = {}, prepare?: (io: Server) => void): Promise<Siege> {
    const clock = new ManualClock();
    const log = new RecordingLogger();
    // Pings would come between whenever time moves on.
    const stage = await Stage.open({ clock, logger: log, pingInterval: 1_000_000, ...options });
    stage.io.of("/bystanders").on("connection", (socket: Socket) => {
      socket.on("alive?", (answer: (text: string) => void) => {
        answer("alive");
      });
    });
    prepare?.(stage.io);
    return new Siege(stage, clock, log, await join(stage, "/bystanders"));
  }

  get io(): Server {
    return this.stage.io;
  }

  /** A WebSocket in no namespace. */
  async connect(): Promise<RawWebSocket> {
    return connect(this.stage);
  }

  /** A WebSocket in a namespace, and the server's socket of it. */
  async attack(namespace?: string): Promise<RawPair> {
    return join(this.stage, namespace);
  }

  /** What becomes of an attacker in "/" who sends these frames. */
  async reactionTo(...frames: Frame[]): Promise<Reaction> {
    const { client, socket } = await this.attack();
    const gone = departure(socket);
    client.send(...frames);
    const [reason] = await gone;
    return [reason, await client.closeCode()];
  }

  /** Closes; throws when the bystander is no longer served. */
  async lift(): Promise<void> {
    try {
      await nextTurn();
      const { client } = this.#bystander;
      if (!this.#hasClosed) await answerTo(client, '42/bystanders,1["alive?"]', '43/bystanders,1["alive"]');
    } finally {
      await this.stage.close();
    }
  }

  get #hasClosed(): boolean {
    return !this.stage.http.listening;
  }
}

/** Sends a question and waits for its answer, past whatever was broadcast before. */
async function answerTo(client: RawWebSocket, question: string, answer: string): Promise<void> {
  client.send(question);
  while ((await client.next()) !== answer);
}

/** The server has taken everything that the client sent so far. */
export async function taken({ client, socket }: RawPair): Promise<void> {
  const heard = nextEvent(socket.conn, "heartbeat");
  client.send("3");
  await heard;
}

/** A way to open sieges in the tests of the surrounding `describe`; each is lifted after its test. */
export function useSieges(): (options?: Partial<ServerOptions>, prepare?: (io: Server) => void) => Promise<Siege> {
  const sieges: Siege[] = [];
  afterEach(async () => {
    await Promise.all(sieges.splice(0).map((siege) => siege.lift()));
  });
  return async (options, prepare) => {
    const siege = await Siege.open(options, prepare);
    sieges.push(siege);
    return siege;
  };
}
