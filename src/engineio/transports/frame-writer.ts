import type { Duplex } from "node:stream";
import { uncorkAfterTurn, type CorkedWriter } from "./corked-writes.js";
import { FrameRun } from "./frame-run.js";
import { asciiFrame, binaryFrame, binaryHead, isAscii, textFrame } from "./frame.js";

/** Text up to this length is gathered as a string; longer text gains nothing from it. */
const MAX_GATHERED = 4096;
/** Frames up to this sum are joined in one buffer; more are not worth the copy. */
const MAX_JOINED_BYTES = 65_536;
/** Bytes up to this length are copied into their frame; for more, two parts are cheaper (bench scenario binary-64kb). */
const MAX_COPIED_BYTES = 16_384;

/** Who writes. */
export interface FrameWriterOwner {
  /** The frames of a turn have been handed to the operating system. */
  onFlushed(): void;
}

/**
 * Writes frames to a TCP socket, all of one event-loop turn in one system call. Short ASCII text, most of what chat and
 * games send, is gathered in one string, other frames in a run, which the receivers of a broadcast share: both leave in
 * one plain write. Only what is too large for that leaves in parts, in order.
 */
export class FrameWriter implements CorkedWriter {
  readonly #tcp: Duplex;
  readonly #owner: FrameWriterOwner;
  /** What waits for the end of the turn, text or frames, never both. */
  #text = "";
  #run: FrameRun | undefined;
  #isWaiting = false;
  #isCorked = false;

  constructor(tcp: Duplex, owner: FrameWriterOwner) {
    this.#tcp = tcp;
    this.#owner = owner;
  }

  /** Whether a frame written now would leave at once. */
  get isIdle(): boolean {
    return !this.#isWaiting && !this.#tcp.writableNeedDrain;
  }

  /** Of a connection that has closed: whether it broke before all had been sent. */
  get hasLost(): boolean {
    const { errored } = this.#tcp as { errored: NodeJS.ErrnoException | null };
    return errored?.syscall === "write" || this.bufferedBytes > 0;
  }

  get bufferedBytes(): number {
    return this.#tcp.writableLength + this.#text.length + (this.#run?.byteLength ?? 0);
  }

  writeText(payload: string): void {
    if (this.#run !== undefined || payload.length > MAX_GATHERED || !isAscii(payload)) {
      this.writeFrame(textFrame(payload));
      return;
    }
    this.#text += asciiFrame(payload);
    this.#wait();
  }

  writeFrame(frame: Buffer): void {
    const waitingBytes = this.#text.length + (this.#run?.byteLength ?? 0);
    if (waitingBytes + frame.length > MAX_JOINED_BYTES) this.settle();
    else if (this.#text !== "") this.#startRun();
    this.#run = this.#run?.append(frame) ?? FrameRun.of(frame);
    this.#wait();
  }

  /** Writes a message of bytes, which may change as soon as this returns: they are copied, or have been handed over. */
  writeBytes(payload: Buffer): void {
    if (payload.length > MAX_COPIED_BYTES) {
      this.#writeLarge(payload);
    } else if (this.#run === undefined) {
      // The text in front of it, as a rule the packet that it is attached to, leaves in the same buffer.
      const text = this.#text;
      this.#text = "";
      this.writeFrame(binaryFrame(payload, text));
    } else {
      this.writeFrame(binaryFrame(payload));
    }
  }

  /** Puts what waits where it belongs: before whatever else is written to the socket next. */
  settle(): void {
    if (this.#text === "" && this.#run === undefined) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#tcp.cork();
    }
    this.#write();
  }

  /** @internal */
  uncork(): void {
    this.#isWaiting = false;
    this.#write();
    if (this.#isCorked) {
      this.#isCorked = false;
      this.#tcp.uncork();
    }
    FrameRun.forget();
    this.#owner.onFlushed();
  }

  #writeLarge(payload: Buffer): void {
    if (!this.#isCorked) this.#tcp.cork();
    this.#isCorked = false;
    this.#write();
    this.#tcp.write(binaryHead(payload.length));
    this.#tcp.write(payload);
    this.#tcp.uncork();
    this.#wait();
  }

  #startRun(): void {
    this.#run = FrameRun.of(Buffer.from(this.#text, "latin1"));
    this.#text = "";
  }

  #write(): void {
    // A broken stream would drop it, and nobody would know.
    if (this.#tcp.destroyed) return;
    if (this.#text !== "") {
      const text = this.#text;
      this.#text = "";
      this.#tcp.write(text, "latin1");
    } else if (this.#run !== undefined) {
      const { bytes } = this.#run;
      this.#run = undefined;
      this.#tcp.write(bytes);
    }
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    uncorkAfterTurn(this);
  }
}
