import assert from "node:assert/strict";
import { request, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";
import { text } from "node:stream/consumers";
import type { Stage } from "./stage.js";
import { within } from "./waiting.js";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Gives the request up, as a client that goes away does. */
  readonly signal?: AbortSignal;
}

/** One HTTP request to the engine on a connection of its own; `query` is everything after the question mark. */
export async function send(stage: Stage, query: string, raw?: RawRequest): Promise<Reply> {
  return sendTo(stage, `/socket.io/?${query}`, raw);
}

/** One HTTP request to any path. */
export async function sendTo(stage: Stage, path: string, raw: RawRequest = {}): Promise<Reply> {
  const { method = "GET", headers = {}, body, signal } = raw;
  const options: RequestOptions = { method, headers, path, agent: false, ...(signal && { signal }) };
  const response = await within(
    new Promise<IncomingMessage>((resolve, reject) => {
      request(stage.url, options, resolve).on("error", reject).end(body);
    }),
    `an answer to ${method} ${path}`,
  );
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** An Engine.IO session over polling, spoken by hand. */
export class PollingSession {
  readonly sid: string;
  readonly #stage: Stage;

  private constructor(stage: Stage, sid: string) {
    this.#stage = stage;
    this.sid = sid;
  }

  static async open(stage: Stage): Promise<PollingSession> {
    const { status, body } = await send(stage, "EIO=4&transport=polling");
    assert.equal(status, 200, body);
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    return new PollingSession(stage, sid);
  }

  /** As `open`, joined to the main namespace. */
  static async join(stage: Stage): Promise<PollingSession> {
    const session = await PollingSession.open(stage);
    await session.post("40");
    assert.match((await session.poll()).body, /^40\{"sid":"[\w-]{20}"\}$/);
    return session;
  }

  get query(): string {
    return `EIO=4&transport=polling&sid=${this.sid}`;
  }

  poll(signal?: AbortSignal): Promise<Reply> {
    return send(this.#stage, this.query, signal && { signal });
  }

  post(body: string | Buffer, contentType = "text/plain;charset=UTF-8"): Promise<Reply> {
    return send(this.#stage, this.query, { method: "POST", body, headers: { "content-type": contentType } });
  }

  /** Whether the server has forgotten the session. */
  async isGone(): Promise<boolean> {
    const { status, body } = await this.poll();
    return status === 400 && body === '{"code":1,"message":"Session ID unknown"}';
  }
}
