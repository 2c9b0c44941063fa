import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { MASK_BYTES, MAX_UNMASKED_BYTES, unmaskAscii, unmaskBytes } from "./unmask.js";

/*
 * Client frame (RFC 6455, section 5.2): | FIN + opcode | MASK + length | 0, 2 or 8 bytes of length | 4 bytes of mask | payload |
 */
const FIN = 0x80;
const OPCODES = 0x0f;
const CONTINUATION = 0;
const CLOSE = 8;
const FINAL_TEXT = FIN | 1;
const FINAL_BINARY = FIN | 2;
const MASKED = 0x80;
const LENGTH_IN_2 = 126;
const HEAD_BYTES = 2;
/** A head tells its frame's size by this many bytes at the latest. */
const MAX_SIZED_BYTES = HEAD_BYTES + 8;

/** Who takes the payloads. */
export interface FrameTarget {
  receiveText(text: string): void;
  receiveBytes(bytes: Buffer): void;
  /** ws is about to read, and may answer with a control frame. */
  onHandOver(): void;
}

export interface FrameReaderOptions {
  readonly socket: WebSocket;
  readonly tcp: Duplex;
  readonly target: FrameTarget;
  /** Larger messages are ws's, to be refused. */
  readonly maxPayloadBytes: number;
}

/** Finds the reader of a TCP socket without a closure per connection. */
const READER = Symbol("reader");
type ReadSocket = Duplex & { [READER]: FrameReader };
type DataListener = (chunk: Buffer) => void;
type EndListener = () => void;

/**
 * Reads frames in front of ws: those of whole messages in ASCII or bytes that one read has brought. They are most of what
 * clients send, and reading them here costs a fraction of ws's general receiver. Everything else goes to ws byte by byte
 * as it came, in order: ws alone checks, fragments, answers and closes.
 */
export class FrameReader {
  readonly #tcp: Duplex;
  readonly #socket: WebSocket;
  readonly #toWs: DataListener;
  readonly #endWs: EndListener;
  readonly #target: FrameTarget;
  readonly #maxBytes: number;
  /** Payload bytes of the frame in progress that are still to come; they are ws's. */
  #owed = 0;
  /** First bytes of a frame whose head is not complete; ws has them already. */
  #head: Buffer | undefined;
  #inFragments = false;
  /** The client has sent its close frame: ws reads no further. */
  #isOver = false;

  private constructor(
    toWs: DataListener,
    endWs: EndListener,
    { socket, tcp, target, maxPayloadBytes }: FrameReaderOptions,
  ) {
    this.#socket = socket;
    this.#tcp = tcp;
    this.#toWs = toWs;
    this.#endWs = endWs;
    this.#target = target;
    this.#maxBytes = Math.min(maxPayloadBytes, MAX_UNMASKED_BYTES);
  }

  /**
   * Puts a reader between a TCP socket and its ws.
   *
   * @returns undefined when ws does not listen as expected; it reads everything then.
   */
  static attach(options: FrameReaderOptions): FrameReader | undefined {
    const { tcp } = options;
    const [toWs, ...others] = tcp.listeners("data") as DataListener[];
    const endWs = tcp.listeners("end").at(-1) as EndListener | undefined;
    if (toWs === undefined || endWs === undefined || others.length > 0) return undefined;
    const reader = new FrameReader(toWs, endWs, options);
    (tcp as ReadSocket)[READER] = reader;
    tcp.off("data", toWs).off("end", endWs);
    tcp.on("data", onData).on("end", onEnd);
    return reader;
  }

  /** ws has stopped listening, by an error or at the end: what comes now is for nobody. */
  detach(): void {
    this.#tcp.off("data", onData);
    // Without a listener a socket must flow, or its end is never seen.
    this.#tcp.resume();
  }

  /** @internal */
  read(chunk: Buffer): void {
    let at = 0;
    if (this.#owed === 0 && this.#head === undefined && !this.#inFragments) {
      for (let end = this.#readWhole(chunk, at); end > at; end = this.#readWhole(chunk, at)) at = end;
    }
    // All the rest in one piece: ws tells of a bad frame only later, and what follows it must not be delivered.
    if (at < chunk.length) this.#handOver(at === 0 ? chunk : chunk.subarray(at));
  }

  /**
   * The client sends no more. After a complete goodbye ws would end everything once more, and each time an error is made
   * that nobody sees (bench scenario connect).
   *
   * @internal
   */
  end(): void {
    if (!this.#isOver || !this.#tcp.writableEnded) this.#endWs.call(this.#tcp);
  }

  /** @returns where the frame ends; `start` when it is not one for us. */
  #readWhole(chunk: Buffer, start: number): number {
    let length = (chunk[start + 1] ?? 0) - MASKED;
    let maskAt = start + HEAD_BYTES;
    if (length === LENGTH_IN_2 && chunk.length >= maskAt + 2) {
      length = chunk.readUInt16BE(maskAt);
      maskAt += 2;
    } else if (length >= LENGTH_IN_2) return start;
    const end = maskAt + MASK_BYTES + length;
    if (length <= 0 || length > this.#maxBytes || end > chunk.length) return start;
    const isOpen = this.#socket.readyState === this.#socket.OPEN;
    return isOpen && this.#deliver(chunk, start, maskAt, length) ? end : start;
  }

  /** @returns whether the frame was one for us. */
  #deliver(chunk: Buffer, start: number, maskAt: number, length: number): boolean {
    if (chunk[start] === FINAL_BINARY) {
      this.#target.receiveBytes(unmaskBytes(chunk, maskAt, length));
      return true;
    }
    const text = chunk[start] === FINAL_TEXT ? unmaskAscii(chunk, maskAt, length) : undefined;
    if (text === undefined) return false;
    this.#target.receiveText(text);
    return true;
  }

  #handOver(bytes: Buffer): void {
    const count = this.#follow(bytes);
    if (count === 0) return;
    this.#target.onHandOver();
    this.#toWs.call(this.#tcp, count === bytes.length ? bytes : bytes.subarray(0, count));
  }

  /** Finds out where the bytes end within their frames. @returns how many of them are ws's: none after a close frame. */
  #follow(bytes: Buffer): number {
    let at = this.#skipOwed(bytes, 0);
    while (at < bytes.length && !this.#isOver) {
      const known = this.#head?.length ?? 0;
      const rest = bytes.subarray(at, at + MAX_SIZED_BYTES);
      const head = this.#head === undefined ? rest : Buffer.concat([this.#head, rest]);
      const size = frameSize(head);
      if (size === undefined) {
        this.#head = Buffer.from(head);
        return bytes.length;
      }
      this.#head = undefined;
      this.#followFragments(head[0] ?? 0);
      this.#owed = size - known;
      at = this.#skipOwed(bytes, at);
    }
    return at;
  }

  /** @returns where the bytes of the frame in progress end. */
  #skipOwed(bytes: Buffer, start: number): number {
    const count = Math.min(this.#owed, bytes.length - start);
    this.#owed -= count;
    return start + count;
  }

  #followFragments(firstByte: number): void {
    const opcode = firstByte & OPCODES;
    if (opcode === CLOSE) this.#isOver = true;
    const isFinal = (firstByte & FIN) !== 0;
    if (opcode === CONTINUATION) this.#inFragments = !isFinal;
    // Control frames come between fragments and change nothing.
    else if (opcode < CLOSE && !isFinal) this.#inFragments = true;
  }
}

function onData(this: Duplex, chunk: Buffer): void {
  (this as ReadSocket)[READER].read(chunk);
}

function onEnd(this: Duplex): void {
  (this as ReadSocket)[READER].end();
}

/** @returns bytes of the whole frame, head and payload; undefined while its head is incomplete. */
function frameSize(head: Buffer): number | undefined {
  const second = head[1];
  if (second === undefined) return undefined;
  const maskBytes = (second & MASKED) === 0 ? 0 : MASK_BYTES;
  const length = second & ~MASKED;
  if (length < LENGTH_IN_2) return HEAD_BYTES + maskBytes + length;
  const lengthBytes = length === LENGTH_IN_2 ? 2 : 8;
  if (head.length < HEAD_BYTES + lengthBytes) return undefined;
  const payload = lengthBytes === 2 ? head.readUInt16BE(2) : head.readUInt32BE(2) * 2 ** 32 + head.readUInt32BE(6);
  return HEAD_BYTES + lengthBytes + maskBytes + payload;
}
