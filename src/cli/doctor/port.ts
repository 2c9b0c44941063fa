import { once } from "node:events";
import { connect } from "node:net";
import type { Check } from "./check.js";

const DEFAULT_PORT = 3000;
const MAX_PORT = 65_535;

/** Whether somebody has the port already that the app will want: `PORT`, or 3000. */
export const portCheck: Check = {
  name: "port",
  look: async ({ context: { env } }) => {
    const given = env["PORT"] ?? String(DEFAULT_PORT);
    const port = Number(given);
    if (!/^\d+$/.test(given) || port > MAX_PORT) {
      return [{ level: "error", message: `PORT is "${given}"`, mend: `Set it to a number up to ${MAX_PORT}.` }];
    }
    if (port === 0 || !(await isTaken(port))) return [{ level: "ok", message: `port ${port} is free` }];
    const mend = "Stop what listens there, or start the app with another PORT.";
    return [{ level: "warning", message: `something listens on port ${port} already`, mend }];
  },
};

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
