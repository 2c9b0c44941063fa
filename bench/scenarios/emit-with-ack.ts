import { type Connection, openConnections } from "../load/connection.js";
import { ExpectedStream, FrameCycle } from "../load/expected-stream.js";
import { maskedTextFrame, plainTextFrame } from "../load/frames.js";
import { Ledger } from "../load/ledger.js";
import { type Load, measureLoad } from "../load/load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 100;
/** Ack ids have two digits, so that all frames are equally long. */
const FIRST_ACK_ID = 10;

/** Every connection keeps `window` events waiting for their acks: each reply is followed by the next event. */
function emitWithAck(window: number): Scenario {
  return {
    name: `ack-${window}`,
    title: `emit with ack, ${CONNECTIONS} connections, window ${window}`,
    unit: "message",
    async measure(server, timing) {
      const connections = await openConnections(server.port, CONNECTIONS);
      try {
        return await measureLoad(server, new EchoLoad(connections, window), timing);
      } finally {
        for (const connection of connections) connection.close();
      }
    },
  };
}

class EchoLoad implements Load {
  readonly ledger = new Ledger();
  readonly #lanes: Lane[];

  constructor(connections: readonly Connection[], window: number) {
    const ids = Array.from({ length: window }, (_, index) => String(FIRST_ACK_ID + index));
    const requests = ids.map((id) => maskedTextFrame(`42${id}["echo",{"text":"hi"}]`));
    const replies = new FrameCycle(ids.map((id) => plainTextFrame(`43${id}[{"text":"hi"}]`)));
    this.#lanes = connections.map((connection) => new Lane(connection, this.ledger, { requests, replies }));
  }

  start(): void {
    for (const lane of this.#lanes) lane.start();
  }

  stop(): void {
    for (const lane of this.#lanes) lane.stop();
  }
}

interface Dialogue {
  readonly requests: readonly Buffer[];
  readonly replies: FrameCycle;
}

/** One connection and its window. */
class Lane {
  readonly #connection: Connection;
  readonly #ledger: Ledger;
  readonly #window: number;
  readonly #frameBytes: number;
  /** The requests twice in a row: any run of up to a window's length is one slice, sent by one write. */
  readonly #slab: Buffer;
  #next = 0;
  #sending = false;

  constructor(connection: Connection, ledger: Ledger, dialogue: Dialogue) {
    this.#connection = connection;
    this.#ledger = ledger;
    this.#window = dialogue.requests.length;
    this.#slab = Buffer.concat([...dialogue.requests, ...dialogue.requests]);
    this.#frameBytes = this.#slab.length / this.#window / 2;
    const stream = new ExpectedStream(dialogue.replies);
    connection.receive(
      (bytes, length) => this.#replied(stream.accept(bytes, length)),
      (error) => ledger.fail(error),
    );
  }

  start(): void {
    this.#sending = true;
    this.#send(this.#window);
  }

  stop(): void {
    this.#sending = false;
  }

  #replied(count: number): void {
    if (this.#sending && count > 0) this.#send(count);
    this.#ledger.receive(count);
  }

  #send(count: number): void {
    this.#ledger.owe(count);
    const from = this.#next * this.#frameBytes;
    this.#connection.send(this.#slab.subarray(from, from + count * this.#frameBytes));
    this.#next = (this.#next + count) % this.#window;
  }
}

export const emitWithAckScenarios: readonly Scenario[] = [emitWithAck(1), emitWithAck(32)];
