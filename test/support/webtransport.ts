import { createPacketDecoderStream, createPacketEncoderStream } from "engine.io-parser";
import {
  ReadableStream,
  TransformStream,
  type ReadableStreamDefaultController,
  type ReadableStreamDefaultReader,
  type WritableStreamDefaultWriter,
} from "node:stream/web";
import {
  decodePacket,
  encodePacket,
  type EnginePacket,
  type MessageData,
  type WebTransportSession,
  type WebTransportStream,
} from "rookery/core";
import { deferred, until, within } from "./waiting.js";

const MAX_BYTES = 1_000_000;

/** A WebTransport session without a network, and the client at its other end, which speaks as engine.io-client does. */
export class WebTransportPair {
  /** The server's side. */
  readonly session: WebTransportSession;
  /** The server's side of the client's first stream. */
  readonly stream: WebTransportStream;
  /** What the client has received so far, as frames of a WebSocket. */
  readonly frames: MessageData[] = [];
  /** Resolves when the session is over. */
  readonly closed: Promise<undefined>;
  isClosed = false;
  readonly #up = new TransformStream<Uint8Array, Uint8Array>();
  readonly #down = new TransformStream<Uint8Array, Uint8Array>();
  readonly #bytes: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = createPacketEncoderStream() as TransformStream<EnginePacket, Uint8Array>;
  readonly #packets: WritableStreamDefaultWriter<EnginePacket>;
  readonly #onClosed: (value: undefined) => void;
  readonly #onFailed: (error: unknown) => void;
  #streams: ReadableStreamDefaultController<WebTransportStream> | undefined;
  #sent: Promise<unknown> = Promise.resolve();

  constructor() {
    const { promise, resolve, reject } = deferred<undefined>();
    this.closed = promise.catch(() => undefined);
    this.#onClosed = resolve;
    this.#onFailed = reject;
    this.stream = { readable: this.#up.readable, writable: this.#down.writable };
    this.session = {
      closed: promise,
      incomingBidirectionalStreams: new ReadableStream<WebTransportStream>({
        start: (controller) => {
          this.#streams = controller;
        },
      }),
      close: () => {
        this.#end();
        this.#onClosed(undefined);
      },
    };
    this.#bytes = this.#up.writable.getWriter();
    this.#packets = this.#encoder.writable.getWriter();
    void this.#encode(this.#encoder.readable.getReader());
    const decoder = createPacketDecoderStream(MAX_BYTES, "nodebuffer") as TransformStream<Uint8Array, EnginePacket>;
    void this.#receive(this.#down.readable.pipeThrough(decoder).getReader());
  }

  /** The client opens its stream. */
  open(): void {
    this.#streams?.enqueue(this.stream);
  }

  /** Sends frames of a WebSocket as the packets that they are, in order. */
  send(...frames: MessageData[]): void {
    for (const frame of frames) {
      const packet = typeof frame === "string" && !isBroken(frame) ? decodePacket(frame) : undefined;
      if (typeof frame !== "string" && frame.length > 0) this.#write({ type: "message", data: frame });
      else if (packet !== undefined) this.#write(packet);
      else this.sendBytes(Buffer.from([frame.length]), Buffer.from(frame as string));
    }
  }

  /** Sends bytes as they are. */
  sendBytes(...parts: Buffer[]): void {
    this.#sent = this.#sent.then(() => this.#bytes.write(Buffer.concat(parts))).catch(() => undefined);
  }

  /** The next frame that comes after the first `count`. */
  async frame(count: number): Promise<MessageData> {
    await until(() => this.frames.length > count || this.isClosed, `the client has ${count + 1} frames`);
    const frame = this.frames[count];
    if (frame === undefined) throw new Error(`closed after ${this.frames.length} frames`);
    return frame;
  }

  /** The connection is gone. */
  vanish(error?: unknown): void {
    this.#end();
    if (error === undefined) this.#onClosed(undefined);
    else this.#onFailed(error);
  }

  /** Waits for the server to close the session. */
  async end(): Promise<void> {
    await within(this.closed, "the session's close");
  }

  #write(packet: EnginePacket): void {
    this.#sent = this.#sent.then(() => this.#packets.write(packet)).catch(() => undefined);
  }

  async #encode(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) await this.#bytes.write(part.value);
    } catch {
      // Gone.
    }
  }

  async #receive(reader: ReadableStreamDefaultReader<EnginePacket>): Promise<void> {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.frames.push(encodePacket(part.value));
      }
    } catch {
      // Gone.
    }
  }

  #end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const gone = new Error("the session is closed");
    this.#bytes.abort(gone).catch(() => undefined);
    this.#down.writable.abort(gone).catch(() => undefined);
  }
}

function isBroken(frame: string): boolean {
  try {
    decodePacket(frame);
    return false;
  } catch {
    return true;
  }
}
