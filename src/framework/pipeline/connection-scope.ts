import { Socket, type ConnectHandler } from "../../core.js";
import type { Scopes } from "../container/scopes.js";
import type { ErrorReporter } from "./error-reporter.js";
import type { Step } from "./step.js";
import type { HookPlan } from "./unanswered-call.js";

/**
 * Opens the scope of each connection that asks to be let in.
 *
 * @param release - closes it again when the connection is refused: no disconnect will follow.
 */
export function inConnectionScope(
  connect: ConnectHandler,
  scopes: Scopes,
  release: (socket: Socket) => void,
): ConnectHandler {
  return (socket) => {
    scopes.open(socket);
    try {
      return connect(socket)?.catch((error: unknown) => {
        release(socket);
        throw error;
      });
    } catch (error) {
      release(socket);
      throw error;
    }
  };
}

/** What ends the scope of a connection, as the last of its disconnect hooks. */
export function endOfConnection(scopes: Scopes, protect: (step: Step) => Step, reporter: ErrorReporter): HookPlan {
  return {
    gateway: Socket,
    handler: undefined,
    label: "the disposal of a connection's instances",
    run: protect((call) => scopes.close(call.socket)),
    reporter,
  };
}
