import assert from "node:assert/strict";
import type { JSHandle, Page } from "playwright-core";
import type { io as connect, Socket as ClientSocket } from "socket.io-client";
import { within } from "./waiting.js";

/** In the page: what a client has heard and nobody has asked for yet. */
interface Heard {
  readonly events: unknown[][];
  next(event: string): Promise<unknown[]>;
}

/** Globals of the page: its bundle, and what `prepareClients` adds. */
interface PageGlobals {
  io: typeof connect;
  listenTo(socket: ClientSocket): ClientSocket;
  heardBy(socket: ClientSocket): Heard;
  /** The value with every ArrayBuffer, and no other kind of binary, as bytes that the test can receive. */
  portable<T>(value: T): T;
  /** The value with all bytes as ArrayBuffers, which every client takes for binary. */
  native<T>(value: T): T;
}

/** The value with each of its parts as `map` gives it. */
function mapParts(value: unknown, map: (part: unknown) => unknown): unknown {
  const mapped = map(value);
  if (mapped !== value || typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return mapped;
  if (Array.isArray(value)) return value.map((member) => mapParts(member, map));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapParts(member, map)]));
}

/** Playwright takes no subclass of Uint8Array to the page. */
function toPage<T>(args: T[]): T[] {
  return mapParts(args, (part) => (Buffer.isBuffer(part) ? new Uint8Array(part) : part)) as T[];
}

function fromPage<T>(args: T[]): T[] {
  return mapParts(args, (part) => (part instanceof Uint8Array ? Buffer.from(part) : part)) as T[];
}

/** Runs in the page before any script of its own; sent as text, so of what is around it, it may use `mapParts` alone. */
function prepare(): void {
  const heardEvents = ["connect", "disconnect", "connect_error", "error", "news", "question", "unanswered", "fence"];
  const everything = new WeakMap<ClientSocket, Heard>();

  const portable = (value: unknown): unknown =>
    mapParts(value, (part) => {
      if (part instanceof ArrayBuffer) return new Uint8Array(part);
      if (ArrayBuffer.isView(part)) return Object.prototype.toString.call(part);
      return part instanceof Error ? { message: part.message, ...("data" in part && { data: part.data }) } : part;
    });
  const native = (value: unknown): unknown =>
    mapParts(value, (part) => (part instanceof Uint8Array ? part.slice().buffer : part));

  const listenTo = (socket: ClientSocket): ClientSocket => {
    const events: unknown[][] = [];
    const waiting = new Map<string, (args: unknown[]) => void>();
    const hear = (event: string, args: unknown[]): void => {
      const resolve = waiting.get(event);
      waiting.delete(event);
      if (resolve === undefined) events.push([event, ...args]);
      else resolve(args);
    };
    for (const event of heardEvents) {
      socket.on(event, (...args: unknown[]) => {
        const reply = typeof args.at(-1) === "function" ? (args.pop() as (...answer: unknown[]) => void) : undefined;
        if (event === "question") reply?.(...args);
        // Behind the reason come objects of the browser's own.
        hear(event, event === "disconnect" ? args.slice(0, 1) : args.map(portable));
      });
    }
    everything.set(socket, {
      events,
      next: async (event) => {
        const at = events.findIndex(([name]) => name === event);
        if (at === -1) return new Promise((resolve) => waiting.set(event, resolve));
        return events.splice(at, 1).flatMap(([, ...args]) => args);
      },
    });
    return socket;
  };

  Object.assign(globalThis, { listenTo, portable, native, heardBy: (socket: ClientSocket) => everything.get(socket) });
}

/** Makes what the page loads from now on ready for clients. */
export async function prepareClients(page: Page): Promise<void> {
  await page.addInitScript({ content: `{ ${mapParts.toString()}; (${prepare.toString()})(); }` });
}

/**
 * A client that lives in a page.
 *
 * What it hears is kept until the test asks for it, so nothing is missed between two steps. It listens to "news",
 * "unanswered", "fence" and "question", and answers each "question" with the arguments of that.
 */
export class PageClient {
  readonly #socket: JSHandle<ClientSocket>;

  private constructor(socket: JSHandle<ClientSocket>) {
    this.#socket = socket;
  }

  /** A client on a connection of its own, not yet connected. The options cannot have functions in them. */
  static async open(page: Page, url: string, options: object): Promise<PageClient> {
    const open = ([to, how]: readonly [string, object]): ClientSocket => {
      const { io, listenTo } = globalThis as unknown as PageGlobals;
      return listenTo(io(to, how));
    };
    return new PageClient(await page.evaluateHandle(open, [url, options] as const));
  }

  /** A client of another namespace on the same connection. */
  async sibling(namespace: string, options: object = {}): Promise<PageClient> {
    const open = (socket: ClientSocket, [name, how]: readonly [string, object]): ClientSocket =>
      (globalThis as unknown as PageGlobals).listenTo(socket.io.socket(name, how));
    return new PageClient(await this.#socket.evaluateHandle(open, [namespace, options] as const));
  }

  /** Runs in the page and gives the result; sent as text, so it may use nothing from around it but the argument. */
  async run<R, A = undefined>(script: (socket: ClientSocket, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    const run = script as (socket: ClientSocket, argument: unknown) => R | Promise<R>;
    return within(this.#socket.evaluate(run, argument), `the page's result of ${script.toString()}`);
  }

  async emit(event: string, ...args: unknown[]): Promise<void> {
    await this.emitAll([[event, ...args]]);
  }

  /** Emits events with their arguments, all of them at once. */
  async emitAll(events: unknown[][]): Promise<void> {
    await this.run((socket, all) => {
      const { native } = globalThis as unknown as PageGlobals;
      for (const [event, ...args] of native(all)) socket.emit(event as string, ...args);
    }, toPage(events));
  }

  /** Emits, and gives the arguments of the answer. */
  async ask(event: string, ...args: unknown[]): Promise<unknown[]> {
    const answer = await this.run(
      (socket, [name, given]) => {
        const { native, portable } = globalThis as unknown as PageGlobals;
        return new Promise<unknown[]>((resolve) => {
          socket.emit(name, ...native(given), (...answer: unknown[]) => resolve(portable(answer)));
        });
      },
      [event, toPage(args)] as const,
    );
    return fromPage(answer);
  }

  /** Arguments of the first such event that was not asked for before. */
  async next(event: string): Promise<unknown[]> {
    const next = (socket: ClientSocket, name: string): Promise<unknown[]> =>
      (globalThis as unknown as PageGlobals).heardBy(socket).next(name);
    return fromPage(await this.run(next, event));
  }

  /** Every event, with its arguments, that came before the next "fence" and was not asked for before. */
  async beforeFence(): Promise<unknown[][]> {
    const before = async (socket: ClientSocket): Promise<unknown[][]> => {
      const { next, events } = (globalThis as unknown as PageGlobals).heardBy(socket);
      await next("fence");
      return events.splice(0);
    };
    return fromPage(await this.run(before));
  }

  async id(): Promise<string> {
    const id = await this.run((socket) => socket.id);
    assert(id !== undefined, "the client of the page has an id");
    return id;
  }

  /** Waits for the end of an upgrade that may have ended already. */
  async upgraded(): Promise<void> {
    await this.run(({ io: { engine } }) => {
      if (engine.transport.name === "websocket") return undefined;
      return new Promise<void>((resolve) => {
        engine.once("upgrade", () => resolve());
      });
    });
  }

  async disconnect(): Promise<void> {
    await this.run((socket) => void socket.disconnect());
  }

  /** Ends the connection for good, whoever else uses it. */
  async close(): Promise<void> {
    await this.run((socket) => {
      socket.io.reconnection(false);
      socket.disconnect();
      socket.io.engine.close();
    });
  }
}
