import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "../../support/peer.js";
import { performTasks } from "../../support/remote-tasks.js";
import { createAdapter, type AdapterName } from "./adapters.js";
import { welcome } from "./welcome.js";

export interface MemberSettings {
  readonly adapter: AdapterName;
  /** Of the service behind the adapter. */
  readonly address: string;
  /** Whether clients may come back to their session. */
  readonly recovery?: boolean;
}

const { adapter, address, recovery } = JSON.parse(process.argv[2] ?? "") as MemberSettings;
const http = createServer();
const io = new Server(http, {
  adapter: await createAdapter(adapter, address),
  ...(recovery === true && { connectionStateRecovery: {} }),
});
welcome(io);
http.listen(0, "127.0.0.1", () => {
  performTasks(io, { port: (http.address() as AddressInfo).port });
});
