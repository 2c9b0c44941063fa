import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { EngineServer } from "../../src/engineio/index.js";
import { httpRequest } from "./http-request.js";
import { clientFrame, FINAL_TEXT, Wire } from "./wire.js";

const SEPARATOR = "\u001e";
const CLOSE_OPCODE = 8;

/** The server's end of one response, whose connection is never used. */
class Answer extends EventEmitter {
  readonly destroyed = false;
  headersSent = false;
  writableEnded = false;
  status = 0;
  body = "";

  writeHead(status: number): this {
    this.status = status;
    this.headersSent = true;
    return this;
  }

  setHeader(): void {
    // Nobody looks at them.
  }

  getHeader(): undefined {
    return undefined;
  }

  end(body: string | Buffer = ""): void {
    this.body = body.toString();
    this.writableEnded = true;
  }
}

/** The client's end of a WebSocket that tries to take a session over. */
class Probe {
  readonly wire = new Wire();
  isAnswered = false;
  isClosed = false;
  #read = 0;

  send(frame: string): void {
    this.wire.push(clientFrame(FINAL_TEXT, frame));
  }

  /** Text frames that have come since the last call. */
  take(): string[] {
    const bytes = Buffer.from(this.wire.writes.join(""), "hex");
    if (this.#read === 0) this.#read = bytes.indexOf("\r\n\r\n") + 4;
    const frames: string[] = [];
    while (this.#read < bytes.length) {
      const length = bytes[this.#read + 1] ?? 0;
      assert(length < 126, "frames of this test are short");
      if (((bytes[this.#read] ?? 0) & 0x0f) === CLOSE_OPCODE) this.isClosed = true;
      else frames.push(bytes.toString("utf8", this.#read + 2, this.#read + 2 + length));
      this.#read += 2 + length;
    }
    return frames;
  }
}

/**
 * A client of the engine without a network, which polls, posts and upgrades as genuine ones do: one poll and one post at
 * a time; after `3probe` neither; `5` when both have been answered; from then on all by WebSocket.
 */
export class UpgradingClient {
  readonly received: string[] = [];
  readonly #engine: EngineServer;
  readonly #query: string;
  #poll: Answer | undefined;
  #post: { readonly request: IncomingMessage; readonly answer: Answer; rest: string } | undefined;
  #probe: Probe | undefined;
  #isPausing = false;
  #isUpgraded = false;
  readonly #unsent: string[] = [];
  readonly #wires: Wire[] = [];

  private constructor(engine: EngineServer, sid: string) {
    this.#engine = engine;
    this.#query = `EIO=4&sid=${sid}&transport=`;
  }

  static open(engine: EngineServer): UpgradingClient {
    const answer = new Answer();
    engine.handleRequest(httpRequest("/engine.io/?EIO=4&transport=polling"), answer as unknown as ServerResponse);
    const { sid } = JSON.parse(answer.body.slice(1)) as { sid: string };
    return new UpgradingClient(engine, sid);
  }

  get isUpgraded(): boolean {
    return this.#isUpgraded;
  }

  poll(): void {
    if (this.#poll !== undefined || this.#isPausing) return;
    this.#poll = new Answer();
    this.#request("GET", this.#poll);
  }

  /** Sends a message when it may, now or later. */
  send(message: string): void {
    this.#unsent.push(`4${message}`);
    this.#flush();
  }

  /** The rest of a post's body arrives. */
  finishPost(): void {
    if (this.#post === undefined || this.#post.request.readableEnded) return;
    if (this.#post.rest !== "") this.#post.request.push(this.#post.rest);
    this.#post.rest = "";
    this.#post.request.push(null);
  }

  probe(): void {
    if (this.#probe !== undefined || this.#isUpgraded) return;
    this.#probe = new Probe();
    this.#wires.push(this.#probe.wire);
    const request = httpRequest(`/engine.io/?${this.#query}websocket`, "GET", {
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    });
    this.#engine.handleUpgrade(request, this.#probe.wire, Buffer.alloc(0));
    this.#probe.send("2probe");
  }

  /** The WebSocket is lost before it is needed. */
  loseProbe(): void {
    if (this.#probe === undefined || this.#isUpgraded) return;
    this.#probe.wire.destroy();
    this.#giveUpProbe();
  }

  /** Takes what has come, and goes on as it allows. */
  step(): void {
    this.#takePoll();
    if (this.#post?.answer.writableEnded === true) {
      assert.equal(this.#post.answer.body, "ok");
      this.#post = undefined;
    }
    if (this.#probe !== undefined) this.#takeProbe(this.#probe);
    this.#flush();
  }

  /** Closes what the client has opened. */
  dispose(): void {
    for (const wire of this.#wires) wire.destroy();
  }

  #takePoll(): void {
    if (this.#poll?.writableEnded !== true) return;
    assert.equal(this.#poll.status, 200);
    this.#take(this.#poll.body.split(SEPARATOR));
    this.#poll = undefined;
  }

  #takeProbe(probe: Probe): void {
    for (const frame of probe.take()) {
      if (frame === "3probe") this.#isPausing = true;
      else this.#take([frame]);
    }
    if (probe.isClosed && !this.#isUpgraded) {
      this.#giveUpProbe();
    } else if (this.#isPausing && !this.#isUpgraded && this.#poll === undefined && this.#post === undefined) {
      probe.send("5");
      this.#isUpgraded = true;
    }
  }

  #giveUpProbe(): void {
    this.#probe = undefined;
    this.#isPausing = false;
  }

  #take(packets: readonly string[]): void {
    for (const packet of packets) {
      if (packet === "6") continue;
      if (packet === "2") {
        this.#unsent.push("3");
        continue;
      }
      assert(packet.startsWith("4"), `the server says ${packet}`);
      this.received.push(packet.slice(1));
    }
  }

  #flush(): void {
    if (this.#unsent.length === 0) return;
    if (this.#isUpgraded) {
      for (const frame of this.#unsent.splice(0)) this.#probe?.send(frame);
    } else if (this.#post === undefined && !this.#isPausing) {
      const body = this.#unsent.splice(0).join(SEPARATOR);
      const answer = new Answer();
      const request = this.#request("POST", answer);
      const half = Math.ceil(body.length / 2);
      request.push(body.slice(0, half));
      this.#post = { request, answer, rest: body.slice(half) };
    }
  }

  #request(method: string, answer: Answer): IncomingMessage {
    const request = httpRequest(`/engine.io/?${this.#query}polling`, method);
    this.#engine.handleRequest(request, answer as unknown as ServerResponse);
    return request;
  }
}
