import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { Stage } from "./stage.js";
import { deferred, within } from "./waiting.js";

export type Frame = string | Buffer;

/** Where the server is: a stage, or a process of its own. */
export type Site = Pick<Stage, "port" | "onClose">;

/** A WebSocket to the engine, spoken by hand. */
export class RawWebSocket {
  readonly #closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #received: Frame[] = [];
  #closeCode: number | undefined;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.on("close", (code) => {
        this.#closeCode = code;
        this.#wake();
        resolve(code);
      });
    });
    socket.on("message", (data: Buffer, isBinary) => {
      this.#received.push(isBinary ? data : data.toString());
      this.#wake();
    });
  }

  /** Connects; `query` is everything after the question mark. */
  static async open(stage: Site, query = "EIO=4&transport=websocket"): Promise<RawWebSocket> {
    const socket = connect(stage, query);
    const raw = new RawWebSocket(socket);
    stage.onClose(() => {
      socket.terminate();
    });
    await within(
      new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject)),
      "an open WebSocket",
    );
    return raw;
  }

  /** As `open`, past the engine's handshake and joined to the main namespace. */
  static async join(stage: Site): Promise<RawWebSocket> {
    const raw = await RawWebSocket.open(stage);
    await raw.next();
    raw.send("40");
    assert.match(String(await raw.next()), /^40\{"sid":"[\w-]{20}"\}$/);
    return raw;
  }

  /** What came and was not yet taken by `next`. */
  get untaken(): readonly Frame[] {
    return this.#received;
  }

  /** Sends each frame in a WebSocket message of its own. */
  send(...frames: Frame[]): void {
    for (const frame of frames) this.#socket.send(frame);
  }

  close(): void {
    this.#socket.close();
  }

  /** Reads nothing any more, not even that the server closes. */
  pause(): void {
    this.#socket.pause();
  }

  /** The next frame that has not been taken yet; fails when the server closes instead. */
  async next(): Promise<Frame> {
    if (this.#received.length === 0 && this.#closeCode === undefined) {
      const { promise, resolve } = deferred<undefined>();
      this.#wake = () => {
        resolve(undefined);
      };
      await within(promise, "a frame");
    }
    const frame = this.#received.shift();
    assert(frame !== undefined, `closed with ${this.#closeCode}`);
    return frame;
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** The close code, once the server has closed. */
  async closeCode(): Promise<number> {
    return within(this.#closed, "the WebSocket's close");
  }
}

/** The HTTP answer to an upgrade that the server refuses. */
export async function refusedUpgrade(stage: Stage, query: string): Promise<{ status: number; body: string }> {
  const socket = connect(stage, query);
  const { promise, resolve, reject } = deferred<IncomingMessage>();
  socket.on("error", reject);
  socket.on("open", () => {
    reject(new Error("the upgrade was accepted"));
    socket.terminate();
  });
  socket.on("unexpected-response", (_request, answer: IncomingMessage) => {
    resolve(answer);
  });
  const response = await within(promise, "the refusal of the upgrade");
  return { status: response.statusCode ?? 0, body: await text(response) };
}

function connect(stage: Site, query: string): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?${query}`);
}
