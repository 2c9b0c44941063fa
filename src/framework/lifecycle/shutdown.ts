import type { Clock } from "../../common/index.js";
import type { EngineSocket, Namespace, Server } from "../../core.js";
import type { MadeInstance } from "../container/injector.js";
import { GatewayError } from "../errors.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Lanes } from "../pipeline/lanes.js";
import { runCloseHook } from "./hooks.js";

/** What has to come down. */
export interface ShutdownContext {
  readonly server: Server;
  readonly namespaces: readonly Namespace[];
  readonly lanes: Lanes;
  readonly instances: readonly MadeInstance[];
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
}

export interface ShutdownOptions {
  /** How long what is in flight may take to end, in milliseconds; what has not ended by then is left behind. */
  readonly drainMs: number;
  /** The signal that ends the process, for the hooks. */
  readonly signal: string | undefined;
}

const GOODBYE_MS = 2_000;

/**
 * Takes an application down in order: handlers in flight end and their answers leave; everyone is disconnected and the
 * port is free; disconnect hooks end; closing hooks run. New events are refused by then (`BindContext.isClosing`).
 *
 * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED` when closing hooks threw; everything has come down all the same.
 */
export async function shutDown(context: ShutdownContext, { drainMs, signal }: ShutdownOptions): Promise<void> {
  const { namespaces, lanes, instances, clock } = context;
  const timeUp = new TimeUp(clock, drainMs);
  await timeUp.orEarlier(lanes.whenIdle());
  await timeUp.orEarlier(answersHaveLeft(namespaces));
  await disconnectEveryone(context);
  await timeUp.orEarlier(lanes.whenIdle());
  timeUp.cancel();
  const errors = [
    ...(await runCloseHook(instances, "onModuleDestroy", signal)),
    ...(await runCloseHook(instances, "beforeApplicationShutdown", signal)),
    ...(await runCloseHook(instances, "onApplicationShutdown", signal)),
  ];
  if (errors.length > 0) throw failed(errors, context.reporter);
}

/** The end of the patience, as one promise and one timer for all that is waited for. */
class TimeUp {
  readonly #clock: Clock;
  readonly #timer: unknown;
  readonly #promise: Promise<true>;

  constructor(clock: Clock, delayMs: number) {
    const { promise, resolve } = withResolve<true>();
    this.#clock = clock;
    this.#promise = promise;
    this.#timer = clock.setTimeout(() => {
      resolve(true);
    }, delayMs);
  }

  async orEarlier(work: Promise<unknown>): Promise<void> {
    await Promise.race([work, this.#promise]);
  }

  async isBefore(work: Promise<unknown>): Promise<boolean> {
    return Promise.race([work.then(() => false), this.#promise]);
  }

  cancel(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}

function withResolve<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A polling client that is between two polls fetches what waits for it with the next one. */
async function answersHaveLeft(namespaces: readonly Namespace[]): Promise<void> {
  const connections = new Set(namespaces.flatMap(({ sockets }) => [...sockets.values()].map(({ conn }) => conn)));
  await Promise.all([...connections].filter(({ writeBuffer }) => writeBuffer.length > 0).map(drained));
}

function drained(connection: EngineSocket): Promise<void> {
  return new Promise((resolve) => {
    connection.once("drain", resolve);
    connection.once("close", resolve);
  });
}

/** The port is free at once; connections get a moment to say goodbye, however little of the patience is left. */
async function disconnectEveryone({ server, clock, reporter }: ShutdownContext): Promise<void> {
  const timeUp = new TimeUp(clock, GOODBYE_MS);
  try {
    if (await timeUp.isBefore(server.close())) dropConnections(server);
  } catch (error) {
    reporter.closingFailed(error);
  }
  timeUp.cancel();
}

/** Requests that others keep open on the same HTTP server must not keep the port. */
function dropConnections({ httpServer }: Server): void {
  if (httpServer !== undefined && "closeAllConnections" in httpServer) httpServer.closeAllConnections();
}

function failed(errors: readonly GatewayError[], reporter: ErrorReporter): GatewayError {
  for (const error of errors) reporter.closingFailed(error);
  const hooks = errors.map(({ message }) => message).join("; ");
  const cause = new AggregateError(errors);
  return new GatewayError("GATEWAY_SHUTDOWN_FAILED", { values: { count: errors.length, hooks }, cause });
}
