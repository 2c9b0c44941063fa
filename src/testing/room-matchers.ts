import { assertIsClient, headOf, type MatcherContext, type MatcherResult } from "./matcher-context.js";
import { describeLog } from "./server-log.js";

export async function toBeInRoom(this: MatcherContext, client: unknown, room: string): Promise<MatcherResult> {
  assertIsClient(client, "toBeInRoom");
  await client.settled();
  const rooms = [...client.rooms];
  return {
    pass: rooms.includes(room),
    message: () => {
      const { utils } = this;
      const list = rooms.map((name) => (name === client.id ? "its own" : utils.printReceived(name))).join(", ");
      const head = headOf(this, ["toBeInRoom", "client", "room"], utils.printExpected(room));
      return `${head}\nRooms: ${list === "" ? "none" : list}${describeLog(client.serverLog)}`;
    },
  };
}
