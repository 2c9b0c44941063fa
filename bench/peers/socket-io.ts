import { Server } from "socket.io";
import { commonOptions, listenOnFreePort, type Peer } from "./peer.js";
import { serve } from "./program.js";

export const peer: Peer = {
  async start() {
    const io = new Server(commonOptions);
    serve(io);
    return listenOnFreePort((server) => io.attach(server));
  },
};
