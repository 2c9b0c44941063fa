import { connect, type Socket } from "node:net";
import type { Stage } from "./stage.js";
import { until } from "./waiting.js";

/** A TCP connection to a stage, for bytes that no HTTP client sends. */
export class RawConnection {
  readonly socket: Socket;
  isClosed = false;
  #received = "";

  constructor(stage: Stage) {
    this.socket = connect(stage.port, "127.0.0.1")
      .setNoDelay(true)
      .on("error", () => undefined)
      .on("data", (chunk: Buffer) => (this.#received += chunk.toString("latin1")))
      .on("close", () => (this.isClosed = true));
    stage.onClose(() => this.socket.destroy());
  }

  /** All that came so far, a character for each byte. */
  get received(): string {
    return this.#received;
  }

  /** Sends text, a byte for each character. */
  write(bytes: string): void {
    this.socket.write(bytes, "latin1");
  }

  /** Sends the lines of a request's head. */
  request(...lines: string[]): void {
    this.write(`${lines.join("\r\n")}\r\n\r\n`);
  }

  /** Waits until this has come; the text up to it. */
  async receive(text: string): Promise<string> {
    await until(() => this.#received.includes(text) || this.isClosed, `the server says ${text}`);
    return this.#received;
  }

  /** Waits for the server to close; all that came. */
  async ended(): Promise<string> {
    await until(() => this.isClosed, "the server closes the connection");
    return this.#received;
  }
}
