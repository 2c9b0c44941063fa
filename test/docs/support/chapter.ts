import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Application, type Provider } from "rookery";
import { io } from "socket.io-client";
import connectWith23 from "socket.io-client-2.3";
import { moduleOf } from "../../framework/support/applications.js";
import type { ClientOptions, ClientSocket } from "../../support/clients.js";
import { RecordingLogger } from "../../support/recording-logger.js";
import { nextEvent, within } from "../../support/waiting.js";

const LIBRARIES = { "socket.io-client 4.8": io, "socket.io-client 2.3": connectWith23 };

/** The server of a chapter of the tutorial, and clients of one version. */
export class Chapter {
  /** Of the latest server. */
  log = new RecordingLogger();
  /** Whether the clients are of the time before version 3. */
  readonly isOld: boolean;
  readonly #connect: typeof io;
  readonly #clients: ClientSocket[] = [];
  #app: Application | undefined;

  constructor(connect: typeof io) {
    this.#connect = connect;
    this.isOld = connect !== io;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#app?.address().port ?? 0}`;
  }

  async open(providers: Provider[]): Promise<void> {
    this.log = new RecordingLogger();
    const app = await Application.create(moduleOf({ providers }), { allowEIO3: true, logger: this.log });
    this.#app = await app.listen(0, "127.0.0.1");
  }

  /** A client that is connecting. */
  client(namespace = "/", options: ClientOptions = {}): ClientSocket {
    const client = this.#connect(this.url + namespace, { forceNew: true, reconnection: false, ...options });
    this.#clients.push(client);
    return client;
  }

  /** A client that is connected. */
  async connect(namespace = "/", options: ClientOptions = {}): Promise<ClientSocket> {
    const client = this.client(namespace, options);
    await nextEvent(client, "connect");
    return client;
  }

  /** What a client hears whose connection is refused: the code, and the text where its version has both. */
  async refusal(namespace: string, options: ClientOptions = {}): Promise<unknown> {
    const [refusal] = await nextEvent(this.client(namespace, options), this.isOld ? "error" : "connect_error");
    return this.isOld ? refusal : (refusal as { data: unknown }).data;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect();
    await this.#app?.close();
  }
}

/** Runs the tests with each version of the client that the tutorial promises, each against a server of its own. */
export function describeChapter(title: string, providers: Provider[], define: (chapter: Chapter) => void): void {
  describe.each(Object.entries(LIBRARIES))(`${title}, with %s`, (_version, connect) => {
    const chapter = new Chapter(connect);
    beforeEach(() => chapter.open(providers));
    afterEach(() => chapter.close());
    define(chapter);
  });
}

/** Emits and waits for the answer; clients of version 2 have callbacks alone. */
export async function ask(client: ClientSocket, event: string, ...args: unknown[]): Promise<unknown> {
  const answer = new Promise((resolve) => client.emit(event, ...args, resolve));
  return within(answer, `the answer to "${event}"`);
}

/** Where a program of a page is, which its reader starts by `node`. */
export function pathOf(page: string, program: string): string {
  return join(__dirname, "../examples", page, program);
}

/** Runs the client of a page as its reader does, and resolves with what it prints. */
export async function runClient(page: string, url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [pathOf(page, "client.mjs"), url], {
    timeout: 10_000,
  });
  return stdout;
}
