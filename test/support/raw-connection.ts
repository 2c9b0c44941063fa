import { connect, type Socket } from "node:net";
import type { Stage } from "./stage.js";
import { encodeFrame, Opcode } from "./raw-tcp.js";
import { until } from "./waiting.js";

/** The head of a request for a WebSocket. */
export const UPGRADE = [
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
  "Host: x",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

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

  /** Becomes a WebSocket, past the engine's handshake. */
  async upgrade(): Promise<void> {
    this.request(...UPGRADE);
    await this.receive('"maxPayload"');
  }

  /** Pings again and again, and reads nothing, until `isOver`. */
  async flood(isOver: () => boolean): Promise<void> {
    this.socket.pause();
    const ping = encodeFrame({ opcode: Opcode.ping, payload: Buffer.from("x".repeat(125)) }).toString("latin1");
    const pings = ping.repeat(500);
    let sent = 0;
    await until(() => {
      if (this.socket.writableLength < 1_000_000 && sent < 400) {
        this.write(pings);
        sent += 1;
      }
      return isOver();
    }, "the server has ended the session");
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
