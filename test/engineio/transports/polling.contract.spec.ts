import { openPollingEnds } from "../../support/polling-ends.js";
import { itFulfilsTheTransportContract } from "../../support/transport-contract.js";

describe("PollingTransport, as a transport,", () => {
  itFulfilsTheTransportContract(openPollingEnds);
});
