import type { Server, Socket } from "../../support/peer.js";

/** Clients say by `auth` what they are called and which rooms they want to be in. */
export interface Visit {
  readonly name: string;
  readonly rooms: string[];
}

/** Lets clients in, in the namespaces "/" and "/chat", and gives them back what they send as "echo". */
export function welcome(io: Server): void {
  for (const namespace of [io.of("/"), io.of("/chat")]) namespace.on("connection", letIn);
}

function letIn(socket: Socket): void {
  const { name, rooms } = socket.handshake.auth as Visit;
  Object.assign(socket.data as object, { name });
  void socket.join(rooms);
  socket.on("echo", (value: unknown, ack: (value: unknown) => void) => {
    ack(value);
  });
}
