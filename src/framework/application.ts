import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Deadlines } from "../common/index.js";
import type { HttpServerInstance, Server, Socket } from "../core.js";
import { assemble, type Assembly } from "./assembly.js";
import { isClass, type AbstractClass, type InjectionToken } from "./contracts/class.js";
import type { ExecutionContext } from "./contracts/execution-context.js";
import type { HealthCheck } from "./contracts/health-check.js";
import type { ModuleImport } from "./contracts/module.js";
import type { MadeInstance } from "./container/injector.js";
import { unusedOverride, type Substitutes } from "./container/overrides.js";
import { GatewayError } from "./errors.js";
import { ackFormatOf } from "./gateway/ack-formats.js";
import { bindNamespace, type BindContext } from "./gateway/binder.js";
import type { ApplicationContract } from "./gateway/contract.js";
import { DirectCalls } from "./gateway/direct-calls.js";
import { withGiven } from "./gateway/global-contract.js";
import { addEnhancers, enliven, enlivenUnserved } from "./gateway/enhancers.js";
import { resolveCloseOptions, type CloseOptions } from "./lifecycle/close-options.js";
import { runStartHook } from "./lifecycle/hooks.js";
import {
  checkServer,
  createOwnServer,
  startListening,
  toListenOptions,
  type ListenOptions,
} from "./lifecycle/listen.js";
import { shutDown } from "./lifecycle/shutdown.js";
import { onShutdownSignal, SHUTDOWN_SIGNALS } from "./lifecycle/signals.js";
import type { AckFormat, EnhancerRecord, FilterLike, GuardLike, InterceptorLike, PipeLike } from "./metadata/types.js";
import { Limiters } from "./limits/limiters.js";
import { serveHealth, serveHealthOn } from "./observability/health-endpoints.js";
import { Health } from "./observability/health.js";
import type { ApplicationOptions } from "./options.js";
import { knownContext } from "./pipeline/async-context.js";
import { Compiler } from "./pipeline/compile.js";
import { ErrorReporter } from "./pipeline/error-reporter.js";
import { Lanes } from "./pipeline/lanes.js";

/**
 * A running application.
 *
 * | state   | reached by                    | connections and events   | `health`     |
 * |---------|-------------------------------|--------------------------|--------------|
 * | created | `Application.create`          | –                        | not yet      |
 * | started | `listen`, `attach`, or `init` | served                   | ready        |
 * | closing | `close`                       | refused after `noticeMs` | not any more |
 * | closed  | the promise of `close`        | –                        | –            |
 */
export class Application {
  /** Whether the application can serve. */
  readonly health: Health;
  readonly #parts: Assembly;
  readonly #reporter: ErrorReporter;
  readonly #lanes: Lanes;
  readonly #enhancers: EnhancerRecord = { guards: [], interceptors: [], pipes: [], filters: [] };
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #isRefusing = false;
  #forgetSignals: (() => void) | undefined;
  #directCalls: DirectCalls | undefined;

  /** @internal */
  constructor(parts: Assembly) {
    const { server, options } = parts;
    this.#parts = parts;
    this.#reporter = new ErrorReporter(server.logger);
    const { maxQueuedEvents: maxWaiting, clock, health } = options;
    this.#lanes = new Lanes({ maxWaiting, clock, reporter: this.#reporter });
    const { deadlines } = server;
    this.health = new Health({ timeoutMs: health.checkTimeoutMs, deadlines, reporter: this.#reporter });
  }

  /**
   * Reads the module and everything it reaches, checks it, and makes its providers.
   *
   * @throws GatewayError for whatever could not work once clients are there.
   */
  static async create(module: ModuleImport, options: ApplicationOptions = {}): Promise<Application> {
    return new Application(await assemble(module, options));
  }

  /** The Socket.IO server below. */
  get server(): Server {
    return this.#parts.server;
  }

  /**
   * What the application serves: namespaces, events, parameters, answers, and what stands around them. `JSON.stringify`
   * prints it; docs/gateways.md describes the shape.
   */
  get contract(): ApplicationContract {
    const { contract } = this.#parts;
    return { ...contract, global: withGiven(this.#enhancers, contract.global) };
  }

  /**
   * A singleton that the container has made, from the root module or whichever provides it.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_SINGLETON`
   */
  get<T = unknown>(token: InjectionToken<T> | AbstractClass<T & object>): T {
    return this.#parts.injector.get(token) as T;
  }

  /**
   * What `token` means for one connection or one call; a transient provider is made anew. Where the option `asyncContext`
   * is set, the call that the running code belongs to is known.
   *
   * @param subject - the socket for scope `connection`, the execution context for both scopes.
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NO_SCOPE`
   */
  async resolve<T = unknown>(
    token: InjectionToken<T> | AbstractClass<T & object>,
    subject: Socket | ExecutionContext | undefined = knownContext(),
  ): Promise<T> {
    return (await this.#parts.injector.resolve(token, subject)) as T;
  }

  /** Guards every connection and every event of every gateway, before their own. Instances, or classes for the container. */
  useGlobalGuards(...guards: GuardLike[]): this {
    this.#checkNotStarted("useGlobalGuards()");
    this.#enhancers.guards.push(...guards);
    return this;
  }

  /** Stands around every handler and hook of every gateway, outside their own interceptors; the first outermost. */
  useGlobalInterceptors(...interceptors: InterceptorLike[]): this {
    this.#checkNotStarted("useGlobalInterceptors()");
    this.#enhancers.interceptors.push(...interceptors);
    return this;
  }

  /** Changes every argument and every `@Auth()` of every gateway, before their own pipes. */
  useGlobalPipes(...pipes: PipeLike[]): this {
    this.#checkNotStarted("useGlobalPipes()");
    this.#enhancers.pipes.push(...pipes);
    return this;
  }

  /** Filters what any gateway throws, after their own. Instances, or classes for the container. */
  useGlobalFilters(...filters: FilterLike[]): this {
    this.#checkNotStarted("useGlobalFilters()");
    this.#enhancers.filters.push(...filters);
    return this;
  }

  /** Closes the application when the process is asked to end, then lets it end; a second signal ends it at once. */
  enableShutdownHooks(signals: readonly NodeJS.Signals[] = SHUTDOWN_SIGNALS): this {
    this.#forgetSignals?.();
    this.#forgetSignals = onShutdownSignal(signals, (signal) =>
      // What failed has been logged.
      this.#close({}, signal).catch(() => undefined),
    );
    return this;
  }

  /** Starts without serving HTTP: hooks run, handlers are in place. `listen` and `attach` do it by themselves. */
  async init(): Promise<this> {
    this.#checkNotClosed();
    this.#started ??= this.#start();
    await this.#started;
    // It may have been closed meanwhile.
    this.#checkNotClosed();
    return this;
  }

  /**
   * Starts and listens.
   *
   * @param target - a port (0 takes any free one; `address()` tells which), the path of a Unix socket, which has a slash, or
   * the options. A port may be text, as in `process.env.PORT`.
   * @param host - default: every address of the machine.
   * @throws GatewayError `GATEWAY_PORT_IN_USE`, `GATEWAY_LISTEN_FAILED`, `GATEWAY_BAD_OPTION`
   */
  async listen(target: number | string | ListenOptions, host?: string): Promise<this> {
    const options = toListenOptions(target, host);
    const server = createOwnServer(options, this.#answerOwnRequest);
    await this.init();
    this.server.attach(server);
    await startListening(server, options);
    server.on("error", (error) => {
      this.server.logger.error("the HTTP server failed", { error });
    });
    return this;
  }

  /**
   * Starts and serves Socket.IO on an HTTP server of yours (`http`, `https`, `http2`; that of Express, Fastify, Koa, Hono or
   * NestJS), which keeps its own requests. Attach when its request listener is in place. `close()` closes it too.
   *
   * @throws GatewayError `GATEWAY_NOT_A_SERVER`
   */
  async attach(server: HttpServerInstance): Promise<this> {
    checkServer(server);
    await this.init();
    const { path, onAttached } = this.#parts.options.health;
    if (path !== undefined && onAttached) serveHealthOn(server, this.health, path);
    this.server.attach(server);
    return this;
  }

  /**
   * Where the application listens. Of a Unix socket: `{ address: <its path>, family: "unix", port: 0 }`.
   *
   * @throws GatewayError `GATEWAY_NOT_LISTENING`
   */
  address(): AddressInfo {
    const http = this.server.httpServer as HttpServerInstance | undefined;
    const address = http?.address() ?? null;
    if (address === null) throw new GatewayError("GATEWAY_NOT_LISTENING");
    return typeof address === "string" ? { address, family: "unix", port: 0 } : address;
  }

  /** Resolves when no handler or hook of an event runs or waits; the testing kit asks. @internal */
  async whenIdle(): Promise<void> {
    await this.#lanes.whenIdle();
  }

  /** Single methods of gateways, to be run by themselves; the testing kit asks. @internal */
  get directCalls(): DirectCalls | undefined {
    return this.#directCalls;
  }

  /** How the answer to an event is written; the testing kit asks. @internal */
  ackFormatOf(namespace: string, event: string): AckFormat {
    const { gateways, options } = this.#parts;
    return ackFormatOf(gateways, { namespace, event }, options.ackFormat);
  }

  /**
   * Refuses what is new, lets what is in flight end, disconnects everyone, frees the port, runs the closing hooks. The
   * promise of the first call is that of all.
   *
   * @param options - come before those of `ApplicationOptions.shutdown`.
   * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED` when closing hooks threw; the application is closed all the same.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#close(options, undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(): Promise<void> {
    const { injector, root, namespaces, gateways, contract, validation, options } = this.#parts;
    this.#checkAwaited();
    const global = addEnhancers(this.#enhancers, await injector.globalEnhancers());
    const live = await Promise.all(gateways.map((gateway) => enliven(gateway, global, { injector, root })));
    // Not the server's: those end with it, and disconnect hooks may take longer.
    const deadlines = new Deadlines(options.clock, { isWarm: true });
    const { scopes } = injector;
    const limiters = new Limiters({ ...options, deadlines, reporter: this.#reporter });
    const compiler = new Compiler({ ...validation, ...options, reporter: this.#reporter, deadlines, limiters, scopes });
    const context: BindContext = {
      compiler,
      lanes: this.#lanes,
      reporter: this.#reporter,
      isClosing: () => this.#isRefusing,
    };
    this.#directCalls = new DirectCalls({ ...context, explored: gateways, live, scopes });
    for (const name of new Set(["/", ...contract.namespaces.map((namespace) => namespace.name)])) {
      const explored = gateways.filter(({ namespace }) => namespace.name === name);
      const found = live.filter(({ contract }) => explored.some((gateway) => gateway.contract === contract));
      const own = found.length === 0 ? [await enlivenUnserved(global, { injector, root })] : found;
      const middlewares = explored.flatMap((gateway) => gateway.middlewares);
      bindNamespace(namespaces.of(name), { gateways: own, middlewares }, context);
    }
    await runStartHook(this.#hooked, "onModuleInit");
    await runStartHook(this.#hooked, "onApplicationBootstrap");
    await this.#addHealthChecks();
    if (this.#closed === undefined) this.health.enter("serving");
  }

  /** The instances whose hooks run. */
  get #hooked(): readonly MadeInstance[] {
    const { injector, withoutHooks } = this.#parts;
    return withoutHooks ? [] : injector.instances;
  }

  async #addHealthChecks(): Promise<void> {
    const { injector, root, options } = this.#parts;
    for (const check of options.health.checks) {
      this.health.add(isClass(check) ? ((await injector.make(check, root)) as HealthCheck) : check);
    }
  }

  readonly #answerOwnRequest: RequestListener = (request, response) => {
    const { path } = this.#parts.options.health;
    if (path !== undefined && serveHealth(this.health, path, request, response)) return;
    response.writeHead(404).end();
  };

  #close(options: CloseOptions, signal: string | undefined): Promise<void> {
    this.#closed ??= this.#shutDown(options, signal);
    return this.#closed;
  }

  async #shutDown(given: CloseOptions, signal: string | undefined): Promise<void> {
    const { server, injector, options } = this.#parts;
    try {
      // A start that is under way ends first: closing hooks follow those of the start.
      if (this.#started !== undefined && !this.health.isServing) await this.#started.catch(() => undefined);
      const resolved = resolveCloseOptions(options.shutdown, given);
      const context = {
        server,
        lanes: this.#lanes,
        instances: this.#hooked,
        dispose: () => injector.dispose(),
        reporter: this.#reporter,
        clock: options.clock,
        giveNotice: () => this.health.enter("shutting down"),
        refuse: () => {
          this.#isRefusing = true;
        },
      };
      await shutDown(context, { ...resolved, signal });
    } finally {
      this.#forgetSignals?.();
    }
  }

  /** @throws GatewayError `GATEWAY_UNKNOWN_OVERRIDE` for an enhancer that nobody has named until now. */
  #checkAwaited(): void {
    const { awaited, modules } = this.#parts;
    for (const override of awaited) {
      const named: readonly unknown[] = override.enhancer === undefined ? [] : this.#enhancers[override.enhancer];
      if (!named.includes(override.provide)) throw unusedOverride(override, modules);
    }
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
  { overrides, moduleOverrides, mockMissing, withoutHooks, ...options }: ApplicationOptions & Substitutes = {},
): Promise<Application> {
  const substitutes = { overrides, moduleOverrides, mockMissing, withoutHooks };
  return new Application(await assemble(module, options, substitutes));
}
