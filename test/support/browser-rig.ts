import assert from "node:assert/strict";
import * as msgpack from "socket.io-msgpack-parser";
import type { Browser, Page } from "playwright-core";
import type { PageClient } from "./browser-client.js";
import { BrowserStage, closeAtOnce, installed, served, type Bundle } from "./browser-stage.js";
import type { Namespace, ServerOptions, Socket } from "./peer.js";
import { Stage } from "./stage.js";
import { nextEvent, until } from "./waiting.js";

const BUNDLES: Record<string, Bundle> = {
  "socket.io.js": served("socket.io.js"),
  "socket.io.min.js": served("socket.io.min.js"),
  "socket.io.esm.min.js": served("socket.io.esm.min.js", { isModule: true }),
  "socket.io.msgpack.min.js": served("socket.io.msgpack.min.js", {
    parser: msgpack as unknown as ServerOptions["parser"],
  }),
  "socket.io.js of 3.1": installed("socket.io-client-3", 3),
  "socket.io.js of 2.5": installed("socket.io-client-2", 2, { takesJsonp: true }),
  // Its JSONP is that of 2.5.
  "socket.io.js of 2.3": installed("socket.io-client-2.3", 2),
  "socket.io.js of 1.7": installed("socket.io-client-1", 1, { takesJsonp: true }),
};

const PLANS = {
  polling: { transports: ["polling"] },
  websocket: { transports: ["websocket"] },
  upgrade: { transports: ["polling", "websocket"] },
  JSONP: { transports: ["polling"], forceJSONP: true },
};

export type BrowserPlan = keyof typeof PLANS;

/** A client of a page and the server's socket of the same connection. */
export interface PagePair {
  readonly client: PageClient;
  readonly socket: Socket;
}

/** One cell of the matrix: a bundle over one choice of transports, in a page that all tests of the bundle share. */
export class BrowserRig {
  readonly plan: BrowserPlan;
  readonly #bundle: Bundle;
  readonly #opened: () => BrowserStage;
  readonly #elsewhere: Stage[] = [];

  constructor(bundle: Bundle, plan: BrowserPlan, opened: () => BrowserStage) {
    this.#bundle = bundle;
    this.plan = plan;
    this.#opened = opened;
  }

  get stage(): Stage {
    return this.#opened().stage;
  }

  get page(): Page {
    return this.#opened().page;
  }

  get major(): number {
    return this.#bundle.major;
  }

  get io(): Stage["io"] {
    return this.stage.io;
  }

  /** Whether it knows Blobs; the parser of msgpack does not. */
  get takesBlobs(): boolean {
    return this.#bundle.parser === undefined;
  }

  /** Whether the client is of the time before version 3, with a protocol of its own. */
  get isOld(): boolean {
    return this.#bundle.major < 3;
  }

  get endsOnWebSocket(): boolean {
    return this.plan === "websocket" || this.plan === "upgrade";
  }

  /** Whether text beyond ASCII arrives: a client of version 1 encodes that of polling bodies once too often. */
  get takesUnicode(): boolean {
    return this.#bundle.major > 1 || this.plan === "websocket";
  }

  /** A server of another origin than the page's, which allows the page to connect unless the options say otherwise. */
  async openElsewhere(options: Partial<ServerOptions> = {}): Promise<Stage> {
    const { parser } = this.#bundle;
    const cors = { origin: this.stage.url, credentials: true };
    const stage = await Stage.open({ allowEIO3: this.isOld, cors, ...(parser && { parser }), ...options });
    this.#elsewhere.push(stage);
    return stage;
  }

  /** Leaves the page, and comes to it again. */
  async reload(): Promise<void> {
    await this.#opened().reload();
  }

  /** The next test begins with an empty server. */
  async clear(): Promise<void> {
    await this.#opened().clear();
    await Promise.all(this.#elsewhere.splice(0).map(closeAtOnce));
  }

  /** A client on a connection of its own, not yet connected. */
  async client(url = this.stage.url, options: object = {}): Promise<PageClient> {
    return this.#opened().client(url, { ...PLANS[this.plan], ...options });
  }

  /** A connected client on a connection of its own, and its socket. */
  async pair(options: object = {}): Promise<PagePair> {
    return this.paired(await this.client(this.stage.url, options));
  }

  /** A `client` that is connecting to a namespace, and its socket. */
  async paired(client: PageClient, namespace: Namespace = this.io.of("/")): Promise<PagePair> {
    await client.next("connect");
    const id = await client.id();
    // A client of version 1 knows its connection's id alone.
    const socket = namespace.sockets.get(id) ?? namespace.sockets.get(`${namespace.name}#${id}`);
    assert(socket !== undefined, `the server knows the client as ${id}`);
    return { client, socket };
  }

  /** As `pair`, once the connection will not change its transport and the server may write to it. */
  async settledPair(options: object = {}): Promise<PagePair> {
    const { client, socket } = await this.pair(options);
    const { conn } = socket;
    if (this.plan === "upgrade") {
      await client.upgraded();
      if (conn.transport.name !== "websocket") await nextEvent(conn, "upgrade");
    }
    await until(() => conn.transport.writable, "the server's transport is writable");
    return { client, socket };
  }
}

/** The whole matrix. */
export function describeEveryBundle(browser: () => Browser, define: (rig: BrowserRig) => void): void {
  for (const [name, bundle] of Object.entries(BUNDLES)) {
    describe(name, () => {
      let stage: BrowserStage;
      beforeAll(async () => {
        stage = await BrowserStage.open(browser(), bundle);
      });
      afterAll(() => stage.close());

      for (const plan of Object.keys(PLANS) as BrowserPlan[]) {
        if (plan === "JSONP" && bundle.takesJsonp !== true) continue;
        describe(`over ${plan}`, () => {
          const rig = new BrowserRig(bundle, plan, () => stage);
          afterEach(() => rig.clear());
          define(rig);
        });
      }
    });
  }
}
