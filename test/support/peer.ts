import assert from "node:assert/strict";
import * as rookery from "rookery/core";
import * as reference from "socket.io";

export type { Namespace, ServerOptions, Socket } from "rookery/core";

/**
 * Which server the interop and conformance suites run against. `INTEROP_PEER=socket.io npx jest test/interop
 * test/conformance` compares them with the `socket.io` package itself: a test that fails there tests the wrong thing.
 */
export const peerName = process.env.INTEROP_PEER ?? "rookery";
assert(["rookery", "socket.io"].includes(peerName), `INTEROP_PEER is "rookery" or "socket.io", not "${peerName}"`);

/** Whether the peer is `socket.io` and not this package. */
export const isReference = peerName === "socket.io";

export const Server = isReference ? (reference.Server as unknown as typeof rookery.Server) : rookery.Server;
export type Server = rookery.Server;
