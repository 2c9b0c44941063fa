import { SessionBinding } from "../../src/engineio/session-binding.js";
import { httpRequest } from "../support/http-request.js";
import { RecordingLogger } from "../support/recording-logger.js";

const request = (cookie?: string) => httpRequest("/", "GET", cookie === undefined ? {} : { cookie });

describe("a session binding", () => {
  it("admits requests of whom the session is bound to, and no others", () => {
    const session = {};
    const binding = new SessionBinding(({ headers }) => headers.cookie, new RecordingLogger());
    binding.bind(session, request("ann"));

    expect([request("ann"), request("bob"), request()].map((of) => binding.admits(session, of))).toEqual([
      true,
      false,
      false,
    ]);
    expect([binding.isBound(session), binding.isBound({})]).toEqual([true, false]);
  });

  it("admits everybody where the first request told nothing", () => {
    const session = {};
    const binding = new SessionBinding(({ headers }) => headers.cookie, new RecordingLogger());
    binding.bind(session, request());

    expect(binding.admits(session, request("bob"))).toBe(true);
    expect(binding.isBound(session)).toBe(false);
  });

  it("admits nobody when it throws, and logs why", () => {
    const session = {};
    const log = new RecordingLogger();
    let isBroken = false;
    const binding = new SessionBinding(() => {
      if (isBroken) throw new Error("no store");
      return "ann";
    }, log);
    binding.bind(session, request());
    isBroken = true;

    expect(binding.admits(session, request())).toBe(false);
    expect(log.lines).toEqual(["error sessionBinding threw; the request is refused"]);
    expect(() => {
      binding.bind({}, request());
    }).toThrow("no store");
  });
});
