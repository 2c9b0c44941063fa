import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpServerInstance, Server } from "../core.js";
import { assemble, type Assembly } from "./assembly.js";
import type { AbstractClass, InjectionToken } from "./contracts/class.js";
import type { ModuleImport } from "./contracts/module.js";
import type { ProviderOverride } from "./container/overrides.js";
import { GatewayError } from "./errors.js";
import { bindNamespace, type BindContext } from "./gateway/binder.js";
import type { ApplicationContract } from "./gateway/contract.js";
import { enliven } from "./gateway/enhancers.js";
import { runStartHook } from "./lifecycle/hooks.js";
import { shutDown } from "./lifecycle/shutdown.js";
import { onShutdownSignal, SHUTDOWN_SIGNALS } from "./lifecycle/signals.js";
import type { FilterLike, GuardLike } from "./metadata/types.js";
import type { ApplicationOptions } from "./options.js";
import { Compiler } from "./pipeline/compile.js";
import { ErrorReporter } from "./pipeline/error-reporter.js";
import { Lanes } from "./pipeline/lanes.js";

/** How `Application.close` goes about it. */
export interface CloseOptions {
  /** How long handlers in flight may take to end, in milliseconds. @default 10_000 */
  readonly drainMs?: number;
}

const DEFAULT_DRAIN_MS = 10_000;

/**
 * A running application.
 *
 * | state   | reached by                     | connections and events        |
 * |---------|--------------------------------|-------------------------------|
 * | created | `Application.create`           | –                             |
 * | started | `listen`, `attach`, or `init`  | served                        |
 * | closing | `close`                        | refused with `SHUTTING_DOWN`  |
 * | closed  | the promise of `close`         | –                             |
 */
export class Application {
  readonly #parts: Assembly;
  readonly #reporter: ErrorReporter;
  readonly #lanes: Lanes;
  readonly #guards: GuardLike[] = [];
  readonly #filters: FilterLike[] = [];
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #forgetSignals: (() => void) | undefined;

  /** @internal */
  constructor(parts: Assembly) {
    const { server, options } = parts;
    this.#parts = parts;
    this.#reporter = new ErrorReporter(server.logger);
    const { maxQueuedEvents: maxWaiting, clock } = options;
    this.#lanes = new Lanes({ maxWaiting, clock, reporter: this.#reporter });
  }

  /**
   * Reads the module and everything it reaches, checks it, and makes its providers.
   *
   * @throws GatewayError for whatever could not work once clients are there.
   */
  static async create(module: ModuleImport, options: ApplicationOptions = {}): Promise<Application> {
    return new Application(await assemble(module, options, []));
  }

  /** The Socket.IO server below. */
  get server(): Server {
    return this.#parts.server;
  }

  /** What the application serves: namespaces, events, parameters, answers; `JSON.stringify` prints it. */
  get contract(): ApplicationContract {
    return this.#parts.contract;
  }

  /**
   * An instance that the container has made, from the root module or whichever provides it.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`
   */
  get<T = unknown>(token: InjectionToken<T> | AbstractClass<T & object>): T {
    return this.#parts.injector.get(token) as T;
  }

  /** Guards every connection and every event of every gateway, before their own. Instances, or classes for the container. */
  useGlobalGuards(...guards: GuardLike[]): this {
    this.#checkNotStarted("useGlobalGuards()");
    this.#guards.push(...guards);
    return this;
  }

  /** Filters what any gateway throws, after their own. Instances, or classes for the container. */
  useGlobalFilters(...filters: FilterLike[]): this {
    this.#checkNotStarted("useGlobalFilters()");
    this.#filters.push(...filters);
    return this;
  }

  /** Closes the application when the process is asked to end, then lets it end; a second signal ends it at once. */
  enableShutdownHooks(signals: readonly NodeJS.Signals[] = SHUTDOWN_SIGNALS): this {
    this.#forgetSignals?.();
    this.#forgetSignals = onShutdownSignal(signals, (signal) =>
      // What failed has been logged.
      this.#close(DEFAULT_DRAIN_MS, signal).catch(() => undefined),
    );
    return this;
  }

  /** Starts without serving HTTP: hooks run, handlers are in place. `listen` and `attach` do it by themselves. */
  async init(): Promise<this> {
    this.#checkNotClosed();
    this.#started ??= this.#start();
    await this.#started;
    return this;
  }

  /**
   * Starts and listens.
   *
   * @param port - 0 takes any free one; `address()` tells which.
   * @param host - default: every address of the machine.
   * @throws GatewayError `GATEWAY_PORT_IN_USE`, `GATEWAY_LISTEN_FAILED`
   */
  async listen(port: number, host?: string): Promise<this> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await this.attach(server);
    await listening(server, port, host);
    server.on("error", (error) => {
      this.server.logger.error("the HTTP server failed", { error });
    });
    return this;
  }

  /** Starts and serves Socket.IO on an HTTP server of yours, which keeps its own requests. `close()` closes it too. */
  async attach(server: HttpServerInstance): Promise<this> {
    await this.init();
    this.server.attach(server);
    return this;
  }

  /** @throws GatewayError `GATEWAY_NOT_LISTENING` */
  address(): AddressInfo {
    const address = this.server.httpServer?.address();
    if (typeof address !== "object" || address === null) throw new GatewayError("GATEWAY_NOT_LISTENING");
    return address;
  }

  /** Resolves when no handler or hook of an event runs or waits; the testing kit asks. @internal */
  async whenIdle(): Promise<void> {
    await this.#lanes.whenIdle();
  }

  /**
   * Refuses what is new, lets what is in flight end, disconnects everyone, frees the port, runs the closing hooks. The
   * promise of the first call is that of all.
   *
   * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED` when closing hooks threw; the application is closed all the same.
   */
  close({ drainMs = DEFAULT_DRAIN_MS }: CloseOptions = {}): Promise<void> {
    return this.#close(drainMs, undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(): Promise<void> {
    const { server, injector, root, gateways, contract, validation, options } = this.#parts;
    const global = { guards: this.#guards, filters: this.#filters };
    const live = await Promise.all(gateways.map((gateway) => enliven(gateway, global, { injector, root })));
    const compiler = new Compiler({ ...validation, ...options, reporter: this.#reporter, deadlines: server.deadlines });
    const context: BindContext = {
      compiler,
      lanes: this.#lanes,
      reporter: this.#reporter,
      isClosing: () => this.#closed !== undefined,
    };
    for (const name of new Set(["/", ...contract.namespaces.map((namespace) => namespace.name)])) {
      const own = live.filter((_, index) => gateways[index]?.namespace === name);
      bindNamespace(server.of(name), own, context);
    }
    await runStartHook(injector.instances, "onModuleInit");
    await runStartHook(injector.instances, "onApplicationBootstrap");
  }

  #close(drainMs: number, signal: string | undefined): Promise<void> {
    this.#closed ??= this.#shutDown(drainMs, signal);
    return this.#closed;
  }

  async #shutDown(drainMs: number, signal: string | undefined): Promise<void> {
    this.#forgetSignals?.();
    const { server, injector, contract, options } = this.#parts;
    const namespaces = ["/", ...contract.namespaces.map(({ name }) => name)].map((name) => server.of(name));
    const { instances } = injector;
    const context = {
      server,
      namespaces,
      lanes: this.#lanes,
      instances,
      reporter: this.#reporter,
      clock: options.clock,
    };
    await shutDown(context, { drainMs, signal });
  }

  #checkNotStarted(what: string): void {
    if (this.#started !== undefined) throw new GatewayError("GATEWAY_ALREADY_STARTED", { values: { what } });
  }

  #checkNotClosed(): void {
    if (this.#closed !== undefined) throw new GatewayError("GATEWAY_CLOSED");
  }
}

/**
 * Makes an application without starting it, with providers replaced; for the testing kit.
 *
 * `overrides` stand in for providers of the same token in every module, guards and filters included.
 */
export async function buildApplication(
  module: ModuleImport,
  { overrides = [], ...options }: ApplicationOptions & { readonly overrides?: readonly ProviderOverride[] } = {},
): Promise<Application> {
  return new Application(await assemble(module, options, overrides));
}

function listening(server: HttpServer, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const address = host === undefined ? String(port) : `${host}:${port}`;
      reject(
        cause.code === "EADDRINUSE"
          ? new GatewayError("GATEWAY_PORT_IN_USE", { values: { port }, cause })
          : new GatewayError("GATEWAY_LISTEN_FAILED", { values: { address, detail: cause.message }, cause }),
      );
    };
    server.once("error", fail);
    try {
      server.listen(port, host, resolve);
    } catch (error) {
      // A port that is no port is thrown, not emitted.
      fail(error as NodeJS.ErrnoException);
    }
  });
}
