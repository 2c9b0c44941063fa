import { isReservedEvent } from "../../src/socketio/packet.js";

describe("isReservedEvent", () => {
  it.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])(
    "keeps %s for the protocol",
    (event) => {
      expect(isReservedEvent(event)).toBe(true);
    },
  );

  it.each(["message", "error", "connection", "new_namespace", "Connect", "", "constructor", "__proto__"])(
    "leaves %j to the user",
    (event) => {
      expect(isReservedEvent(event)).toBe(false);
    },
  );
});
