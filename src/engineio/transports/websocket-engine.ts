import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/** What a WebSocket server is made with. */
export interface WebSocketEngineOptions {
  readonly noServer: true;
  readonly clientTracking: false;
  readonly perMessageDeflate: boolean | object;
  readonly maxPayload: number;
}

/** A server of WebSockets as ws makes it without an HTTP server of its own. */
export interface WebSocketEngineServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, accepted: (webSocket: WebSocket) => void): void;
  /** Without it, nothing is added to the answer to an upgrade. */
  on?(event: "headers", listener: (headers: string[], request: IncomingMessage) => void): unknown;
  close(): void;
}

/** A package with ws's interface, such as `eiows`: its `Server` class. */
export type WebSocketEngine = new (options: WebSocketEngineOptions) => WebSocketEngineServer;
