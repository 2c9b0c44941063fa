import type * as RookeryCore from "rookery/core";
import { importBuilt } from "./built-package.js";
import { commonOptions, listenOnFreePort, type Peer } from "./peer.js";

/** The bare core in the place of socket.io: the same program, another import. */
export const peer: Peer = {
  async start() {
    const { Server } = await importBuilt<typeof RookeryCore>("core.js");
    const io = new Server(commonOptions);
    io.on("connection", (socket) => {
      socket.on("echo", (value: unknown, ack: (value: unknown) => void) => {
        ack(value);
      });
      socket.on("broadcast", (value: unknown) => {
        io.emit("news", value);
      });
    });
    return listenOnFreePort((server) => io.attach(server));
  },
};
