import type { EngineCloseReason, EngineSocket, EngineSocketHandler, MessageData } from "../engineio/index.js";

/** An engine that is not ours: any that emits "connection" with sockets of engine.io's shape (see `io.bind`). */
export interface ForeignEngine {
  on(event: "connection", listener: (socket: ForeignEngineSocket) => void): unknown;
}

/** engine.io's socket, as far as it is used. */
export interface ForeignEngineSocket {
  on(event: "data", listener: (data: MessageData) => void): unknown;
  on(event: "close", listener: (reason: EngineCloseReason, description?: unknown) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Hears another engine by its events; our own is heard by the handler interface, which costs less. */
export function bindForeignEngine(engine: ForeignEngine, accept: (conn: EngineSocket) => EngineSocketHandler): void {
  engine.on("connection", (socket) => {
    const handler = accept(socket as unknown as EngineSocket);
    socket.on("data", (data) => {
      handler.onMessage(data);
    });
    socket.on("close", (reason, description) => {
      handler.onClose(reason, description);
    });
    socket.on("error", () => undefined);
  });
}
