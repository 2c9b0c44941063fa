import type * as RookeryCore from "rookery/core";
import { importBuilt } from "./built-package.js";
import { commonOptions, listenOnFreePort, type Peer } from "./peer.js";
import { serve } from "./program.js";

/** The bare core in the place of socket.io: the same program, another import. */
export const peer: Peer = {
  async start() {
    const { Server } = await importBuilt<typeof RookeryCore>("core.js");
    const io = new Server(commonOptions);
    serve(io as unknown as Parameters<typeof serve>[0]);
    return listenOnFreePort((server) => io.attach(server));
  },
};
