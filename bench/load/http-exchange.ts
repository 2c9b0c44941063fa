import { connect, type Socket } from "node:net";
import { asError, BenchmarkError } from "../errors.js";

const HEADERS_END = "\r\n\r\n";
const OK = "HTTP/1.1 200 ";
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** One keep-alive connection of HTTP/1.1 that carries one request at a time, written beforehand. */
export class HttpExchange {
  readonly #socket: Socket;
  #received = "";
  #onBody: ((body: string) => void) | undefined;

  constructor(port: number, onFailure: (error: Error) => void) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("error", onFailure);
    this.#socket.on("data", (text: string) => {
      try {
        this.#take(text);
      } catch (error) {
        onFailure(asError(error));
      }
    });
  }

  /** Sends a request; `onBody` gets the body of its response. */
  send(request: Buffer, onBody: (body: string) => void): void {
    this.#onBody = onBody;
    this.#socket.write(request);
  }

  /** The same, waited for. */
  async ask(request: Buffer): Promise<string> {
    return new Promise((resolve) => {
      this.send(request, resolve);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headersEnd = this.#received.indexOf(HEADERS_END);
    if (headersEnd === -1) return;
    const bodyAt = headersEnd + HEADERS_END.length;
    const length = this.#checkHead(headersEnd);
    if (this.#received.length < bodyAt + length) return;
    const body = this.#received.slice(bodyAt);
    const onBody = this.#onBody;
    this.#received = "";
    this.#onBody = undefined;
    if (body.length > length || onBody === undefined) throw new BenchmarkError("The server answered more than asked.");
    onBody(body);
  }

  /** @returns how long the body is. */
  #checkHead(end: number): number {
    const head = this.#received.slice(0, end);
    const length = LENGTH.exec(head)?.[1];
    if (!head.startsWith(OK) || length === undefined) throw new BenchmarkError(`Wrong response:\n${head}`);
    return Number(length);
  }
}
