import { isThenable, messageOf } from "../common/index.js";
import { runChain, type Next } from "./middleware.js";
import type { Namespace } from "./namespace.js";
import { PacketType, type Packet } from "./packet.js";
import type { RefusalReason } from "./revision.js";
import type { Socket } from "./socket.js";
import { deliver } from "./typed-emitter.js";

/** What a middleware refuses a connection with: the client is told `message` and `data`. */
export interface ExtendedError extends Error {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the client understands; untyped as in socket.io
  data?: any;
}

export type NamespaceMiddleware = (socket: Socket, next: Next) => unknown;

/** Told to a client whose connection failed by a fault of the server; what was thrown is logged and stays here. */
const FAULT = { message: "Internal server error" };

/**
 * Decides on one connection: middlewares, then the connect handler; then CONNECT or CONNECT_ERROR is sent.
 *
 * `connect` and `connection` follow CONNECT, and then the events that the client sent meanwhile.
 */
export class Admission {
  readonly #namespace: Namespace;
  readonly #socket: Socket;
  readonly #onAdmitted: () => void;

  /** @param onAdmitted - called before CONNECT leaves. */
  constructor(namespace: Namespace, socket: Socket, onAdmitted: () => void) {
    this.#namespace = namespace;
    this.#socket = socket;
    this.#onAdmitted = onAdmitted;
  }

  run(middlewares: readonly NamespaceMiddleware[]): void {
    runChain(middlewares, this.#socket, {
      done: (refused) => {
        if (refused !== undefined) this.#refuse(refused);
        else this.#runConnectHandler();
      },
      onLateError: (error) => {
        const { name, logger } = this.#namespace;
        logger.error("a namespace middleware threw after its next()", { namespace: name, error });
      },
    });
  }

  #runConnectHandler(): void {
    let result: unknown;
    try {
      result = this.#namespace.dispatch.connect?.(this.#socket);
    } catch (error) {
      this.#refuse({ error, threw: false });
      return;
    }
    if (!isThenable(result)) {
      this.#complete();
      return;
    }
    result.then(
      () => {
        this.#complete();
      },
      (error: unknown) => {
        this.#refuse({ error, threw: false });
      },
    );
  }

  #complete(): void {
    const socket = this.#socket;
    const namespace = this.#namespace;
    if (socket.conn.readyState !== "open" || !socket.catchUp()) {
      // The client left meanwhile: only who prepared its connection has something to clear away.
      socket.onAdmittedTooLate();
      return;
    }
    this.#onAdmitted();
    namespace.sockets.set(socket.id, socket);
    socket.onConnect();
    if (!socket.connected) return;
    deliver(namespace, "connect", [socket], namespace.logger);
    deliver(namespace, "connection", [socket], namespace.logger);
    socket.releaseIncoming();
  }

  #refuse({ error, threw }: { error: unknown; threw: boolean }): void {
    const { name, logger } = this.#namespace;
    const { client } = this.#socket;
    if (threw) logger.error("a namespace middleware threw", { namespace: name, error });
    this.#socket.onClose("server namespace disconnect");
    if (client.conn.readyState !== "open") return;
    const reason = threw ? FAULT : describeRefusal(error);
    try {
      client.packet(this.#refusal(reason));
    } catch (cause) {
      logger.error("the data of a refusal cannot be encoded", { namespace: name, error: cause });
      client.control(this.#refusal({ message: reason.message }));
    }
  }

  #refusal(reason: RefusalReason): Packet {
    const data = this.#socket.client.revision.refusalData(reason);
    return { type: PacketType.CONNECT_ERROR, nsp: this.#namespace.name, data };
  }
}

/** What the client gets to know of an error: its message, and what it says as `data`. */
function describeRefusal(error: unknown): RefusalReason {
  if (typeof error !== "object" || error === null) return { message: messageOf(error) };
  try {
    const { message, data } = error as { message?: unknown; data?: unknown };
    return { message: typeof message === "string" ? message : FAULT.message, data };
  } catch {
    // A getter, or a proxy.
    return FAULT;
  }
}
