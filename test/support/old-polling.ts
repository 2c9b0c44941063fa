import assert from "node:assert/strict";
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Stage } from "./stage.js";
import { within } from "./waiting.js";

const BYTES = "application/octet-stream";

/** The answer to a request; bytes in hex when that is what they are called. */
export interface OldReply {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** An Engine.IO 3 session over polling, spoken by hand, from its handshake on. */
export class OldPollingSession {
  readonly sid: string;
  /** The answer to the handshake. */
  readonly opening: OldReply;
  readonly #stage: Stage;
  readonly #query: string;

  private constructor(stage: Stage, query: string, opening: OldReply) {
    const [, sid] = /sid\\?":\\?"([\w-]{20})/.exec(opening.body) ?? [];
    assert(sid !== undefined, `a handshake, not ${opening.body}`);
    this.#stage = stage;
    this.#query = query;
    this.opening = opening;
    this.sid = sid;
  }

  /** @param extra - parameters beside those that every request has. */
  static async open(stage: Stage, extra = ""): Promise<OldPollingSession> {
    const query = `EIO=3&transport=polling${extra}`;
    return new OldPollingSession(stage, query, await exchange(stage, query));
  }

  /** As `open`, with the CONNECT for the main namespace taken. */
  static async join(stage: Stage, extra = ""): Promise<OldPollingSession> {
    const session = await OldPollingSession.open(stage, extra);
    assert.match((await session.poll()).body, /2:40/);
    return session;
  }

  poll(): Promise<OldReply> {
    return exchange(this.#stage, `${this.#query}&sid=${this.sid}`);
  }

  /** Bytes are posted as bytes; text as the type says, or as plain text. */
  post(body: string | Buffer, type = "text/plain;charset=UTF-8"): Promise<OldReply> {
    const contentType = typeof body === "string" ? type : BYTES;
    return exchange(this.#stage, `${this.#query}&sid=${this.sid}`, { body, contentType });
  }

  /** Whether the server has forgotten the session. */
  async isGone(): Promise<boolean> {
    const { status, body } = await this.poll();
    return status === 400 && body === '{"code":1,"message":"Session ID unknown"}';
  }
}

async function exchange(
  stage: Stage,
  query: string,
  post?: { body: string | Buffer; contentType: string },
): Promise<OldReply> {
  const method = post === undefined ? "GET" : "POST";
  const headers = post === undefined ? {} : { "content-type": post.contentType };
  const response = await within(
    new Promise<IncomingMessage>((resolve, reject) => {
      request(`${stage.url}/socket.io/?${query}`, { method, headers, agent: false }, resolve)
        .on("error", reject)
        .end(post?.body);
    }),
    `an answer to ${method} ${query}`,
  );
  const type = response.headers["content-type"];
  const body = await buffer(response);
  return { status: response.statusCode ?? 0, type, body: body.toString(type === BYTES ? "hex" : "utf8") };
}
