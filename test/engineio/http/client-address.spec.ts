import { clientAddress, networkOf, type TrustProxy } from "../../../src/engineio/http/client-address.js";

const PEER = "192.0.2.1";

function addressOf(forwarded: string | undefined, trustProxy: TrustProxy): string {
  return clientAddress({ headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress: PEER } }, trustProxy);
}

describe("clientAddress", () => {
  it.each<[forwarded: string | undefined, trustProxy: TrustProxy, address: string]>([
    ["203.0.113.9", false, PEER],
    ["203.0.113.9", 0, PEER],
    [undefined, true, PEER],
    ["203.0.113.9", true, "203.0.113.9"],
    ["203.0.113.9, 198.51.100.1, 198.51.100.2", true, "203.0.113.9"],
    ["203.0.113.9, 198.51.100.1, 198.51.100.2", 1, "198.51.100.2"],
    ["203.0.113.9, 198.51.100.1, 198.51.100.2", 2, "198.51.100.1"],
    ["203.0.113.9,198.51.100.1", 9, "203.0.113.9"],
    ["2001:db8::1", 1, "2001:db8::1"],
  ])("of %j, trusting %j, is %s", (forwarded, trustProxy, address) => {
    expect(addressOf(forwarded, trustProxy)).toBe(address);
  });

  it.each(["", "unknown", "<script>", "1.2.3", "203.0.113.9:80", "\n"])(
    "is the peer's when %j, which is no address, was forwarded",
    (forwarded) => {
      expect(addressOf(forwarded, true)).toBe(PEER);
    },
  );

  it("is empty where a transport knows none", () => {
    expect(clientAddress({ headers: {}, socket: {} }, true)).toBe("");
  });
});

describe("networkOf", () => {
  it.each<[address: string, network: string]>([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["fe80::1:2:3:4:5", "fe80:0:0:1"],
    ["::1", "0:0:0:0"],
    ["a:b:c:d:e:f:g:h:i::j", "a:b:c:d"],
    ["", ""],
  ])("of %j is %j", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
