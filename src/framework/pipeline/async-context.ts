import { AsyncLocalStorage } from "node:async_hooks";
import { Socket, type EventSurroundings } from "../../core.js";
import type { Class } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import { GatewayError } from "../errors.js";
import { AnyCall } from "./any-call.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Step } from "./step.js";

const storage = new AsyncLocalStorage<ExecutionContext>();
let isKept = false;

/**
 * The call that the running code belongs to: in handlers, hooks and enhancers, in whatever they await, in the timers they
 * start and the ack callbacks they pass, and in listeners of the socket. Needs the option `asyncContext`.
 *
 * @returns `undefined` in code that no client has caused.
 * @throws GatewayError `GATEWAY_NO_CONTEXT` when no application of the process has the option.
 */
export function currentContext(): ExecutionContext | undefined {
  if (!isKept) throw new GatewayError("GATEWAY_NO_CONTEXT");
  return storage.getStore();
}

/** {@link currentContext}, or `undefined` where nobody keeps it. */
export function knownContext(): ExecutionContext | undefined {
  return isKept ? storage.getStore() : undefined;
}

/** Lets everything that `step` causes know its call. */
export function withContext(step: Step): Step {
  return (call, input) => storage.run(call, step, call, input);
}

/**
 * Lets listeners of sockets and their ack callbacks know the call.
 *
 * An option, and not always on: on Node 20 the first `run` makes every `await` of the process take three times as long
 * (0.14 to 0.39 µs).
 */
export function keepContext(reporter: ErrorReporter): EventSurroundings {
  isKept = true;
  // Listeners belong to the socket: no gateway has its turn.
  const plan = { gateway: Socket as unknown as Class, handler: undefined, label: "a listener", run: noRun, reporter };
  return {
    enter: (socket, [event, ...args], deliver) => {
      storage.run(new AnyCall(plan, socket, args, String(event)), deliver);
    },
    bind: (callback) => {
      const context = storage.getStore();
      if (context === undefined) return callback;
      return function (this: unknown, ...args: unknown[]): unknown {
        return storage.run(context, (): unknown => Reflect.apply<unknown, unknown[], unknown>(callback, this, args));
      };
    },
  };
}

const noRun: Step = () => undefined;
