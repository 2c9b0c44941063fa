import { createHandshake } from "../../src/socketio/handshake.js";

afterEach(() => jest.useRealTimers());

describe("a handshake", () => {
  it("tells of the request, the address, the time and what the client sent", () => {
    jest.useFakeTimers({ now: 1_700_000_000_000 });
    const headers = { origin: "https://a.example", "x-token": "1" };
    const request = { headers, url: "/socket.io/?EIO=4&a=1&a=2", socket: { encrypted: true } };

    expect(createHandshake(request, { remoteAddress: "192.0.2.1" }, { token: 1 })).toEqual({
      headers,
      time: new Date(1_700_000_000_000).toString(),
      address: "192.0.2.1",
      xdomain: true,
      secure: true,
      issued: 1_700_000_000_000,
      url: "/socket.io/?EIO=4&a=1&a=2",
      query: { EIO: "4", a: "2" },
      auth: { token: 1 },
    });
  });

  it("tells as much of a request without HTTP", () => {
    expect(createHandshake({ headers: {}, socket: {} }, { remoteAddress: "" }, {})).toMatchObject({
      headers: {},
      address: "",
      xdomain: false,
      secure: false,
      url: "",
      query: {},
      auth: {},
    });
  });

  it.each([undefined, null])("tells of no request, which is %s, what engines without HTTP tell", (request) => {
    expect(createHandshake(request, { remoteAddress: "192.0.2.1" }, { token: 1 })).toMatchObject({
      headers: {},
      address: "192.0.2.1",
      xdomain: false,
      secure: true,
      url: "",
      query: {},
      auth: { token: 1 },
    });
  });

  it("believes the engine about what the request does not know any more", () => {
    const peer = { remoteAddress: "", secure: true };

    expect(createHandshake({ headers: {}, socket: {} }, peer, {}).secure).toBe(true);
  });

  it("survives JSON, so that adapters can send it", () => {
    const handshake = createHandshake(
      { headers: {}, url: "/?a=1", socket: {} },
      { remoteAddress: "" },
      { nested: { token: 1 } },
    );

    expect(JSON.parse(JSON.stringify(handshake))).toEqual(handshake);
  });
});
