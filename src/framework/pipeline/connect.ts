import { isThenable } from "../../common/index.js";
import type { ConnectHandler, Socket } from "../../core.js";
import { clientError, GatewayException, type ClientError } from "../client-errors.js";
import { ConnectCall } from "./call.js";
import type { ConnectPlan } from "./compile.js";
import type { ErrorReporter } from "./error-reporter.js";

/**
 * Joins the judgements on a connection into the namespace's connect handler; it returns a promise only when one of them
 * has to wait.
 */
export function connectHandler(
  plans: readonly ConnectPlan[],
  { reporter, isClosing }: { readonly reporter: ErrorReporter; readonly isClosing: () => boolean },
): ConnectHandler {
  return (socket) => {
    if (isClosing()) throw new ConnectionRefusal(clientError("SHUTTING_DOWN"));
    return judge(socket, plans, reporter);
  };
}

function judge(socket: Socket, plans: readonly ConnectPlan[], reporter: ErrorReporter): void | Promise<void> {
  for (const [index, plan] of plans.entries()) {
    const call = new ConnectCall(plan, socket);
    try {
      const output = plan.run(call, undefined);
      if (!isThenable(output)) {
        call.end();
        continue;
      }
      return Promise.resolve(output).then(
        () => {
          call.end();
          return judge(socket, plans.slice(index + 1), reporter);
        },
        (error: unknown) => {
          throw refusalFor(error, call, reporter);
        },
      );
    } catch (error) {
      throw refusalFor(error, call, reporter);
    }
  }
}

function refusalFor(error: unknown, call: ConnectCall, reporter: ErrorReporter): ConnectionRefusal {
  call.end();
  return new ConnectionRefusal(reporter.toClient(error, call));
}

/** What the core turns into a CONNECT_ERROR: the client's `connect_error` has the message, and `data` with the rest. */
export class ConnectionRefusal extends GatewayException {
  readonly data: Omit<ClientError, "message">;

  constructor({ message, ...data }: ClientError) {
    super(data.code, message, data.details);
    this.data = data;
  }
}
