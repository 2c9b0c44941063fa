import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger } from "rookery/core";
import { Server, type Socket } from "../../support/peer.js";
import { performTasks } from "../../support/remote-tasks.js";

/* A server whose code makes every mistake that ends the process of socket.io. */

function fail(): never {
  throw new TypeError("a mistake");
}

async function reject(): Promise<never> {
  return Promise.reject(new TypeError("a mistake"));
}

const http = createServer();
const io = new Server(http, {
  logger: silentLogger,
  allowRequest: (request, reply) => {
    if (request.url?.includes("mistake=1") === true) fail();
    reply(null, true);
  },
});

io.of("/throwing").use(fail);
io.of("/rejecting").use(reject);
io.of("/cyclic").use((_socket, next) => {
  const data: Record<string, unknown> = {};
  data.self = data;
  next(Object.assign(new Error("no entry"), { data }));
});

io.on("connection", (socket: Socket) => {
  socket.on("throw", fail);
  socket.on("reject", reject as () => void);
  socket.on("ask", (answer: (text: string) => void) => {
    answer("answer");
  });
  socket.on("echo", (value: unknown) => socket.emit("echo", value));
});

http.listen(0, "127.0.0.1", () => {
  performTasks(io, { port: (http.address() as AddressInfo).port });
});
