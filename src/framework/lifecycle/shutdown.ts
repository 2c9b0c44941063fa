import type { Clock } from "../../common/index.js";
import type { EngineSocket, Server } from "../../core.js";
import { GatewayException } from "../client-errors.js";
import type { MadeInstance } from "../container/injector.js";
import { GatewayError } from "../errors.js";
import type { ErrorReporter } from "../pipeline/error-reporter.js";
import type { Lanes } from "../pipeline/lanes.js";
import type { ResolvedCloseOptions } from "./close-options.js";
import { disconnectInSlices } from "./departure.js";
import { runCloseHook, type CloseHook } from "./hooks.js";
import { Patience } from "./patience.js";
import { refuseHandshakes } from "./refusal.js";

/** What has to come down. */
export interface ShutdownContext {
  readonly server: Server;
  readonly lanes: Lanes;
  readonly instances: readonly MadeInstance[];
  /** Disposes of the instances, when their hooks have run. Never rejects. */
  readonly dispose: () => Promise<void>;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  /** From here on the application says that it is not ready, and serves all the same. */
  readonly giveNotice: () => void;
  /** From here on events and connections are refused. */
  readonly refuse: () => void;
}

export interface ShutdownOptions extends ResolvedCloseOptions {
  /** The signal that ends the process, for the hooks. */
  readonly signal: string | undefined;
}

const GOODBYE_MS = 2_000;

/**
 * Takes an application down in order: it says that it is not ready; refuses who and what is new; handlers in flight end
 * and their answers leave; everyone is disconnected and the port is free; disconnect hooks end; closing hooks run.
 *
 * @throws GatewayError `GATEWAY_SHUTDOWN_FAILED` when closing hooks threw; everything has come down all the same.
 */
export async function shutDown(context: ShutdownContext, options: ShutdownOptions): Promise<void> {
  const { server, lanes, clock, giveNotice, refuse } = context;
  giveNotice();
  if (options.noticeMs > 0) await notice(clock, options.noticeMs);
  refuse();
  refuseHandshakes(server, options.retryAfterMs);
  const patience = new Patience(clock, options.drainMs);
  await endOfCalls(lanes, patience);
  await patience.endsBefore(answersHaveLeft(server));
  await disconnectInSlices(server, { perSecond: options.disconnectsPerSecond, patience, clock });
  await closeServer(context);
  await endOfCalls(lanes, patience);
  patience.cancel();
  await runCloseHooks(context, options);
}

async function notice(clock: Clock, noticeMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimeout(resolve, noticeMs);
  });
}

/** Whoever still waits for an answer when the patience ends is told `SHUTTING_DOWN`; signals abort. */
async function endOfCalls(lanes: Lanes, patience: Patience): Promise<void> {
  if (await patience.endsBefore(lanes.whenIdle())) lanes.cancelAll(new GatewayException("SHUTTING_DOWN"));
}

/** A polling client that is between two polls fetches what waits for it with the next one. */
async function answersHaveLeft({ engine }: Server): Promise<void> {
  const connections = Object.values(engine.clients);
  await Promise.all(connections.filter(({ writeBuffer }) => writeBuffer.length > 0).map(drained));
}

function drained(connection: EngineSocket): Promise<void> {
  return new Promise((resolve) => {
    connection.once("drain", resolve);
    connection.once("close", resolve);
  });
}

/** The port is free at once; connections get a moment to say goodbye, however little of the patience is left. */
async function closeServer({ server, clock, reporter }: ShutdownContext): Promise<void> {
  const patience = new Patience(clock, GOODBYE_MS);
  try {
    if (await patience.endsBefore(server.close())) server.dropConnections();
  } catch (error) {
    reporter.closingFailed(error);
  }
  patience.cancel();
}

const HOOKS: readonly CloseHook[] = ["onModuleDestroy", "beforeApplicationShutdown", "onApplicationShutdown"];

async function runCloseHooks(
  { instances, dispose, reporter, clock }: ShutdownContext,
  { signal, hooksMs }: ShutdownOptions,
): Promise<void> {
  const patience = new Patience(clock, hooksMs);
  const errors: GatewayError[] = [];
  for (const hook of HOOKS) errors.push(...(await runCloseHook(instances, hook, { signal, patience, hooksMs })));
  if (await patience.endsBefore(dispose())) {
    reporter.warn("closing: not every instance has been disposed of after hooksMs", { hooksMs });
  }
  patience.cancel();
  if (errors.length > 0) throw failed(errors, reporter);
}

function failed(errors: readonly GatewayError[], reporter: ErrorReporter): GatewayError {
  for (const error of errors) reporter.closingFailed(error);
  const hooks = errors.map(({ message }) => message).join("; ");
  const cause = new AggregateError(errors);
  return new GatewayError("GATEWAY_SHUTDOWN_FAILED", { values: { count: errors.length, hooks }, cause });
}
