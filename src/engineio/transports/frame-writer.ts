import type { Duplex } from "node:stream";
import { uncorkAfterTurn, type CorkedWriter } from "./corked-writes.js";
import { asciiFrame, isAscii, textFrame } from "./frame.js";

/** Text up to this length is gathered as a string; longer text gains nothing from it. */
const MAX_GATHERED = 4096;

/** Who writes. */
export interface FrameWriterOwner {
  /** The frames of a turn have been handed to the operating system. */
  onFlushed(): void;
}

/**
 * Writes frames to a TCP socket, all of one event-loop turn in one system call. Short ASCII text, most of what chat and
 * games send, is gathered in one string and leaves in one write; everything else leaves as buffers, in order.
 */
export class FrameWriter implements CorkedWriter {
  readonly #tcp: Duplex;
  readonly #owner: FrameWriterOwner;
  #text = "";
  #corked = false;

  constructor(tcp: Duplex, owner: FrameWriterOwner) {
    this.#tcp = tcp;
    this.#owner = owner;
  }

  /** Whether a frame written now would leave at once. */
  get isIdle(): boolean {
    return !this.#corked && !this.#tcp.writableNeedDrain;
  }

  get bufferedBytes(): number {
    return this.#tcp.writableLength + this.#text.length;
  }

  writeText(payload: string): void {
    if (payload.length > MAX_GATHERED || !isAscii(payload)) {
      this.writeFrame(textFrame(payload));
    } else {
      this.#cork();
      this.#text += asciiFrame(payload);
    }
  }

  writeFrame(frame: Buffer): void {
    this.#cork();
    this.settle();
    this.#tcp.write(frame);
  }

  /** Puts gathered text where it belongs: before whatever somebody else writes to the socket next. */
  settle(): void {
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    this.#tcp.write(text, "latin1");
  }

  /** @internal */
  uncork(): void {
    this.settle();
    this.#corked = false;
    this.#tcp.uncork();
    this.#owner.onFlushed();
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#tcp.cork();
    uncorkAfterTurn(this);
  }
}
