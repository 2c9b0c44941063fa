import type { ClientOptions, ClientStage, Pair } from "./clients.js";

/** A client that comes back at once. */
export const QUICK: ClientOptions = {
  reconnection: true,
  reconnectionDelay: 5,
  reconnectionDelayMax: 5,
  randomizationFactor: 0,
};

/** Ways in which a connection is lost, none of them the client's. */
export const LOSSES: Record<string, (stage: ClientStage, pair: Pair) => void> = {
  "the server closed the connection": (_stage, { socket }) => {
    socket.conn.close();
  },
  "the network was cut": (stage) => {
    stage.stage.cutConnections();
  },
};
