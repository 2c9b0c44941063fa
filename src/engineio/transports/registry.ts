import type { TransportName } from "./transport.js";

/** How a transport comes to the engine: by HTTP requests, by an upgrade of one, or by a session of its own protocol. */
export type TransportEntrance = "request" | "upgrade" | "session";

/** What the engine knows of a transport beside its class. */
export interface TransportKind {
  readonly entrance: TransportEntrance;
  /** Where its sessions may move to. */
  readonly upgradesTo: readonly TransportName[];
}

/** The transports that clients may ask for. "memory" is for tests and asks for nothing. */
export const TRANSPORTS: ReadonlyMap<string, TransportKind> = new Map<TransportName, TransportKind>([
  ["polling", { entrance: "request", upgradesTo: ["websocket", "webtransport"] }],
  ["websocket", { entrance: "upgrade", upgradesTo: [] }],
  ["webtransport", { entrance: "session", upgradesTo: [] }],
]);
