import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdapter } from "@socket.io/cluster-adapter";
import { setupWorker } from "@socket.io/sticky";
import { Server } from "../../support/peer.js";
import { performTasks } from "../../support/remote-tasks.js";
import { welcome } from "./welcome.js";

export interface WorkerDetails {
  readonly port: number;
}

const http = createServer();
const io = new Server(http);
io.adapter(createAdapter());
setupWorker(io as never);
welcome(io);
// A door of its own, so that a test can choose the worker; exclusive, or the primary would share it out.
http.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
  performTasks(io, { port: (http.address() as AddressInfo).port } satisfies WorkerDetails);
});
