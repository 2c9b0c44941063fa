import assert from "node:assert/strict";
import { connect, type ClientHttp2Session } from "node:http2";
import { text } from "node:stream/consumers";
import { nextEvent, within } from "./waiting.js";

/** Requests of one HTTP/2 connection. */
export class Http2Client {
  readonly #session: ClientHttp2Session;

  constructor(origin: string) {
    this.#session = connect(origin, { rejectUnauthorized: false });
  }

  async send(path: string, body?: string): Promise<{ status: number; body: string }> {
    const stream = this.#session.request({ ":path": path, ":method": body === undefined ? "GET" : "POST" });
    stream.end(body);
    const [headers] = (await nextEvent(stream, "response")) as [Record<string, unknown>];
    return { status: Number(headers[":status"]), body: await within(text(stream), `the answer to ${path}`) };
  }

  /** Polls its way into the main namespace. @returns the path of the session's requests. */
  async join(): Promise<string> {
    const { body } = await this.send("/socket.io/?EIO=4&transport=polling");
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    await this.send(path, "40");
    assert.match((await this.send(path)).body, /^40\{"sid":/);
    return path;
  }

  /** A poll that the client gives up. */
  abandon(path: string): void {
    const stream = this.#session.request({ ":path": path }).on("error", () => undefined);
    stream.end();
    stream.close();
  }

  async close(): Promise<void> {
    this.#session.close();
    await nextEvent(this.#session, "close");
  }
}
