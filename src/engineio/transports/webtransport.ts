import type { ReadableStreamDefaultReader, WritableStreamDefaultWriter } from "node:stream/web";
import { encodePacket } from "../codec.js";
import { EngineError } from "../errors.js";
import type { Packet } from "../packet.js";
import { Transport } from "./transport.js";
import type { WebTransportSession } from "./webtransport-session.js";

/** How long a client may take to read the last bytes before its session is closed without them. */
const CLOSE_TIMEOUT_MS = 10_000;

const BINARY = 0x80;
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;

/** A packet that did not decode. */
interface BrokenPacket {
  readonly type: "error";
  readonly data: string;
}

/** What the decoder of engine.io-parser gives. */
export type PacketReader = ReadableStreamDefaultReader<Packet | BrokenPacket>;

export interface WebTransportOptions {
  readonly session: WebTransportSession;
  /** Of the session's first bidirectional stream, which carries everything. */
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly reader: PacketReader;
  readonly after: (delayMs: number, callback: () => void) => { cancel(): void };
}

/**
 * WebTransport: packets on one bidirectional stream, each behind its length.
 *
 * @see engine.io-protocol v4, "WebTransport"
 */
export class WebTransportTransport extends Transport {
  readonly name = "webtransport";
  readonly #options: WebTransportOptions;
  #writing = 0;
  #closeTimeout: { cancel(): void } | undefined;

  constructor(options: WebTransportOptions) {
    super();
    this.#options = options;
    options.session.closed.then(
      () => {
        this.end("transport close");
      },
      (error: unknown) => {
        this.end("transport error", error);
      },
    );
    void this.#read();
  }

  override get writable(): boolean {
    return this.readyState === "open" && this.#writing === 0;
  }

  override get bufferedBytes(): number {
    return this.#writing;
  }

  override send(packets: readonly Packet[]): void {
    const bytes = Buffer.concat(packets.flatMap(encodeFrame));
    this.#writing = bytes.length;
    this.#options.writer.write(bytes).then(
      () => {
        this.#writing = 0;
        this.handler.onWritable();
      },
      (error: unknown) => {
        this.end("transport error", error);
      },
    );
  }

  override close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#closeSession();
    this.end("transport close");
  }

  override discard(): void {
    super.discard();
    this.#closeSession();
  }

  override terminate(): void {
    super.discard();
    this.#closeTimeout?.cancel();
    closeNow(this.#options.session);
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#options.reader.read();
        if (done) break;
        if (!this.#take(value)) return;
      }
      this.end("transport close");
    } catch (error) {
      this.end("transport error", error);
    }
  }

  /** @returns whether to read on. */
  #take(packet: Packet | BrokenPacket): boolean {
    if (packet.type !== "error") {
      this.deliver(packet);
      return true;
    }
    const error = new EngineError("ENGINE_BAD_PAYLOAD", { values: { detail: packet.data } });
    this.end("parse error", error);
    this.#closeSession();
    return false;
  }

  /** What was sent before still leaves, when the client reads it. */
  #closeSession(): void {
    if (this.#closeTimeout !== undefined) return;
    const { session, writer, reader, after } = this.#options;
    const finish = (): void => {
      this.#closeTimeout?.cancel();
      closeNow(session);
    };
    this.#closeTimeout = after(CLOSE_TIMEOUT_MS, finish);
    reader.cancel().catch(ignore);
    writer.close().then(finish, finish);
  }
}

/** Ends a session; one that has ended may throw. */
export function closeNow(session: WebTransportSession): void {
  try {
    session.close();
  } catch {
    // It is closed, which is what was wanted.
  }
}

function ignore(): void {
  // The stream is gone already.
}

/** Length (1, 3 or 9 bytes) and bytes of one packet. */
function encodeFrame(packet: Packet): Buffer[] {
  const encoded = encodePacket(packet);
  // A length of 0 is none to the protocol, so no bytes travel as text does: in base64.
  const body = encoded.length === 0 ? Buffer.from("b") : Buffer.from(encoded as string);
  const isBytes = typeof encoded !== "string" && encoded.length > 0;
  return [encodeHead(body.length, isBytes ? BINARY : 0), body];
}

function encodeHead(length: number, flag: number): Buffer {
  if (length < LENGTH_IN_2) return Buffer.from([flag | length]);
  const head = Buffer.alloc(length < 0x10000 ? 3 : 9);
  if (head.length === 3) {
    head.writeUInt8(flag | LENGTH_IN_2, 0);
    head.writeUInt16BE(length, 1);
  } else {
    head.writeUInt8(flag | LENGTH_IN_8, 0);
    head.writeBigUInt64BE(BigInt(length), 1);
  }
  return head;
}
