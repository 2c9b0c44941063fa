import { Server } from "socket.io";
import { commonOptions, listenOnFreePort, type Peer } from "./peer.js";

export const peer: Peer = {
  async start() {
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
