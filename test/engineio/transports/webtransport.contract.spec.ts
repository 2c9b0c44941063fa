import { itFulfilsTheTransportContract } from "../../support/transport-contract.js";
import { openWebTransportEnds } from "../../support/webtransport-ends.js";

describe("WebTransportTransport, as a transport,", () => {
  itFulfilsTheTransportContract(async () => openWebTransportEnds());
});
