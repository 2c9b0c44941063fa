import { itFulfilsTheTransportContract } from "../../support/transport-contract.js";
import { openWebSocketEnds } from "../../support/websocket-ends.js";

describe("WebSocketTransport, as a transport,", () => {
  itFulfilsTheTransportContract(openWebSocketEnds);
});
