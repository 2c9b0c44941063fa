import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { PageClient, prepareClients } from "./browser-client.js";
import type { ServerOptions } from "./peer.js";
import { Stage } from "./stage.js";
import { until } from "./waiting.js";

const PAGE = "/page";
const BUNDLE = "/bundle.js";

/** A build of the client for browsers. */
export interface Bundle {
  /** Major version of the client. */
  readonly major: number;
  /** Where the page finds it: at the server itself, unless it is of a package that the server does not serve. */
  readonly path: string;
  readonly file?: string;
  readonly isModule?: boolean;
  readonly takesJsonp?: boolean;
  readonly parser?: ServerOptions["parser"];
}

/** A bundle that the server serves by itself. */
export function served(file: string, rest: Partial<Bundle> = {}): Bundle {
  return { major: 4, path: `/socket.io/${file}`, ...rest };
}

/** A bundle in an installed package. */
export function installed(packageName: string, major: number, rest: Partial<Bundle> = {}): Bundle {
  return { major, path: BUNDLE, file: join("node_modules", packageName, "dist/socket.io.js"), ...rest };
}

/** A server, and a page of it that has loaded a bundle. */
export class BrowserStage {
  readonly stage: Stage;
  readonly page: Page;
  readonly #clients: PageClient[] = [];
  /** Errors that nothing in the page has caught. */
  readonly #mishaps: string[] = [];

  private constructor(stage: Stage, page: Page) {
    this.stage = stage;
    this.page = page;
    page.on("pageerror", ({ message }) => this.#mishaps.push(message));
  }

  static async open(browser: Browser, bundle: Bundle): Promise<BrowserStage> {
    const { parser } = bundle;
    const stage = await Stage.open({ allowEIO3: bundle.major < 3, ...(parser && { parser }) });
    stage.http.on("request", (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === PAGE) response.setHeader("content-type", "text/html").end(pageOf(bundle));
      if (request.url === BUNDLE && bundle.file !== undefined) createReadStream(bundle.file).pipe(response);
    });
    const page = await browser.newPage();
    await prepareClients(page);
    await page.goto(stage.url + PAGE);
    return new BrowserStage(stage, page);
  }

  /** A client on a connection of its own, not yet connected. */
  async client(url: string, options: object = {}): Promise<PageClient> {
    const client = await PageClient.open(this.page, url, { forceNew: true, reconnection: false, ...options });
    this.#clients.push(client);
    return client;
  }

  /** Leaves the page, and comes to it again. */
  async reload(): Promise<void> {
    this.#clients.length = 0;
    await this.page.reload();
  }

  /** The next test begins with an empty server. */
  async clear(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
    await this.page.context().clearCookies();
    await until(() => this.stage.io.engine.clientsCount === 0, "the clients of the page have gone");
    assert.deepEqual(this.#mishaps.splice(0), []);
  }

  async close(): Promise<void> {
    await this.page.close();
    await closeAtOnce(this.stage);
  }
}

/** Chromium opens connections before it needs them, and an HTTP server that closes waits for whoever has asked nothing. */
export async function closeAtOnce(stage: Stage): Promise<void> {
  const closed = stage.close();
  await nextTurn();
  stage.cutConnections();
  await closed;
}

function pageOf({ path, isModule }: Bundle): string {
  const script =
    isModule === true
      ? `<script type="module">import { io } from "${path}"; globalThis.io = io;</script>`
      : `<script src="${path}"></script>`;
  return `<!doctype html><link rel="icon" href="data:,">${script}`;
}
