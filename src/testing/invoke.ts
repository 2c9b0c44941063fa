import type { Application, Class } from "../framework/index.js";
import type { Server, Socket } from "../core.js";
import { AckError } from "./ack-error.js";
import type { ClientAuth } from "./client-types.js";
import { TestClient } from "./client.js";
import { TestingError } from "./errors.js";
import type { LogBook } from "./log-book.js";
import { mockSocket } from "./mock-socket.js";

/** Who calls a handler. */
export interface InvokeOptions {
  /**
   * A mock socket, a socket of the server, or a connected client. Default: a mock socket in the gateway's namespace; when
   * that is a pattern such as "/orders/:id", there is no default.
   */
  readonly socket?: Socket | TestClient;
  /** Of the default socket. */
  readonly auth?: ClientAuth;
  /** The event's name, for a handler of several or of a pattern; default: the first that it names in full. */
  readonly event?: string;
}

/** Names of the methods of a gateway. */
export type MethodName<Gateway> = {
  [Key in keyof Gateway]: Gateway[Key] extends (...args: never[]) => unknown ? Key : never;
}[keyof Gateway] &
  (string | symbol);

/** What a method's answer is, as the test sees it; that of a method without a value comes by its callback. */
export type AnswerOf<Gateway, Name extends keyof Gateway> = Gateway[Name] extends (...args: never[]) => infer Output
  ? Answered<Awaited<Output>>
  : never;

type Answered<Value> =
  Value extends AsyncIterable<infer Item> ? Item[] : [Value] extends [Awaited<void>] ? unknown : Value;

/** One method of a gateway, with what it is called with. */
export interface Invocation {
  readonly gateway: Class;
  readonly method: string | symbol;
  readonly args: readonly unknown[];
}

/**
 * Runs one method of a gateway of `application` through its pipeline.
 *
 * @throws AckError, GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_A_HANDLER`; TestingError `TESTING_OTHER_NAMESPACE`
 */
export async function invokeIn(
  application: Application,
  { gateway, method, args }: Invocation,
  { options: { socket, auth, event }, log }: { readonly options: InvokeOptions; readonly log: LogBook },
): Promise<unknown> {
  const { directCalls } = application;
  if (directCalls === undefined) throw new TestingError("TESTING_CLOSED");
  const namespace = directCalls.namespaceOf(gateway);
  const caller = TestClient.is(socket) ? serverSocketOf(socket, application.server, "it called a handler") : socket;
  if (!directCalls.fits(gateway, caller?.nsp.name)) {
    const values = { gateway: gateway.name, namespace, name: caller?.nsp.name ?? "no namespace of its own" };
    throw new TestingError("TESTING_OTHER_NAMESPACE", { values });
  }
  const own = caller ?? mockSocket({ namespace, ...(auth !== undefined && { auth }) });
  const outcome = await directCalls.run({ gateway, method, args, socket: own, event });
  if ("value" in outcome) return outcome.value;
  throw new AckError(outcome.event, outcome.error, log.causeOf(outcome.error));
}

/** @throws TestingError `TESTING_DISCONNECTED` */
export function serverSocketOf({ namespace, id, disconnectReason }: TestClient, server: Server, what: string): Socket {
  const socket = server.of(namespace).sockets.get(id);
  if (socket !== undefined) return socket;
  throw new TestingError("TESTING_DISCONNECTED", { values: { reason: disconnectReason ?? "of another server", what } });
}
