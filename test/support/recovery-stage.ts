import assert from "node:assert/strict";
import type { ServerOptions, Socket } from "../../src/core.js";
import type { MessageData } from "../../src/engineio/index.js";
import { SocketStage, type FakeClient } from "./socket-stage.js";

export type RecoveryOptions = NonNullable<ServerOptions["connectionStateRecovery"]>;

/** What a client gives with CONNECT to come back; absent for its first connection. */
export interface Claim {
  readonly pid?: unknown;
  readonly offset?: unknown;
}

const PING = "2";

/** The default of `maxDisconnectionDuration`. */
export const TWO_MINUTES_MS = 120_000;

/** A server with connection state recovery, and clients that keep pid and offset as socket.io-client does. */
export class RecoveryStage extends SocketStage {
  constructor(recovery: RecoveryOptions = {}, options: ServerOptions = {}) {
    super({ connectionStateRecovery: recovery, ...options });
  }

  /** A new client in the namespace, let in at once. */
  enter(namespace = "/", claim: Claim = {}): Visitor {
    const visitor = this.knock(namespace, claim);
    assert(visitor.isLetIn(), "the client was let in");
    return visitor;
  }

  /** A new client that has asked for the namespace. */
  knock(namespace = "/", claim: Claim = {}): Visitor {
    const visitor = new Visitor(this, this.connect(), namespace);
    const auth = Object.keys(claim).length === 0 ? "" : JSON.stringify(claim);
    visitor.client.send(`40${visitor.prefix}${auth}`);
    visitor.read();
    return visitor;
  }
}

/** One client in one namespace. */
export class Visitor {
  readonly client: FakeClient;
  readonly namespace: string;
  /** Frames as they came, without the CONNECT that let the client in; offsets read `*`. */
  readonly received: MessageData[] = [];
  /** Frames that came before CONNECT. */
  missed: MessageData[] = [];
  sid = "";
  pid = "";
  offset: string | undefined;
  readonly #stage: RecoveryStage;

  constructor(stage: RecoveryStage, client: FakeClient, namespace: string) {
    this.#stage = stage;
    this.client = client;
    this.namespace = namespace;
  }

  get prefix(): string {
    return this.namespace === "/" ? "" : `${this.namespace},`;
  }

  get socket(): Socket {
    const socket = this.#stage.io.of(this.namespace).sockets.get(this.sid);
    assert(socket !== undefined, "the server has the socket");
    return socket;
  }

  get claim(): Claim {
    return this.offset === undefined ? { pid: this.pid } : { pid: this.pid, offset: this.offset };
  }

  /** Whether CONNECT has come. */
  isLetIn(): boolean {
    this.read();
    return this.sid !== "";
  }

  /** What has come since the last call. */
  take(): MessageData[] {
    this.read();
    return this.received.splice(0);
  }

  /** Takes what is on its way, as a client that hears it does. */
  read(): void {
    for (const frame of this.client.take()) if (frame !== PING) this.#onFrame(frame);
  }

  /** The connection breaks; what it carried and was not read is lost. */
  lose(): void {
    this.client.transport.lose();
    this.client.take();
  }

  /** Comes back on another connection, in the same namespace. */
  comeBack(): Visitor {
    const next = this.#stage.enter(this.namespace, this.claim);
    next.offset ??= this.offset;
    return next;
  }

  #onFrame(frame: MessageData): void {
    const connect = `40${this.prefix}{`;
    if (typeof frame === "string" && frame.startsWith(connect)) {
      const { sid, pid } = JSON.parse(frame.slice(connect.length - 1)) as { sid: string; pid: string };
      Object.assign(this, { sid, pid });
      this.missed = this.received.splice(0);
      return;
    }
    this.received.push(typeof frame === "string" ? this.#withoutOffset(frame) : frame);
  }

  #withoutOffset(frame: string): string {
    return frame.replace(/"([\w-]{8}\.\w+)"\]$/, (_, offset: string) => {
      this.offset = offset;
      return '"*"]';
    });
  }
}
