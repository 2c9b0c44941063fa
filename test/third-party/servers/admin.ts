import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { instrument } from "@socket.io/admin-ui";
import { Server } from "../../support/peer.js";
import { performTasks } from "../../support/remote-tasks.js";
import { welcome } from "./welcome.js";

/** The bcrypt hash of "open sesame". */
const password = "$2a$04$cLYAOeGK7f.N5R1bpiwn4O0diYvSO6UGP.wESDzYFrxA3HEPiityy";

const http = createServer();
const io = new Server();
// Instrumented before it is attached: that is when socket.io gets its engine.
instrument(io as never, { auth: { type: "basic", username: "admin", password }, mode: "development" });
io.attach(http, { pingInterval: 10_000 });
welcome(io);
http.listen(0, "127.0.0.1", () => {
  performTasks(io, { port: (http.address() as AddressInfo).port });
});
