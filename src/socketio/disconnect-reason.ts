import type { EngineCloseReason } from "../engineio/index.js";

/** Why a socket left, in socket.io's words. */
export type DisconnectReason =
  EngineCloseReason | "forced server close" | "client namespace disconnect" | "server namespace disconnect";
