import type { Peer } from "./peer.js";

interface PeerModule {
  readonly peer: Peer;
}

/** All peers, in the order in which they take turns. Each is loaded in its own server process only. */
export const peers: Readonly<Record<string, () => Promise<PeerModule>>> = {
  rookery: () => import("./rookery.js"),
  "rookery-core": () => import("./rookery-core.js"),
  "socket.io": () => import("./socket-io.js"),
  nest: () => import("./nest.js"),
};

/** Whose cost is divided by everybody's, unless `--reference` names another. */
export const REFERENCE_PEER = "socket.io";
