import type { MessageData } from "../../src/engineio/index.js";
import { UpgradeAttempt } from "../../src/engineio/upgrade.js";
import { openSession, type EngineSession } from "../support/engine-session.js";
import { FakeTransport } from "../support/fake-transport.js";

const TIMEOUT_MS = 10_000;

interface Probe extends EngineSession {
  readonly candidate: FakeTransport;
}

/** A polling session, with a poll parked, that another transport tries to take over. */
function probe(): Probe {
  const session = openSession({}, "polling");
  session.transport.becomeWritable();
  const candidate = new FakeTransport("websocket");
  new UpgradeAttempt(session.socket, candidate, session.server.deadlines, TIMEOUT_MS);
  return { ...session, candidate };
}

function probed(): Probe {
  const attempt = probe();
  attempt.candidate.receive("2probe");
  attempt.candidate.take();
  return attempt;
}

const isGivenUp = ({ candidate, socket }: Probe): boolean =>
  candidate.goodbyes.includes("discard") && socket.attempt === undefined;

const states = { silent: probe, probed };

/** The rows of the table in the docstring of UpgradeAttempt. */
describe("an upgrade", () => {
  it("silent: answers the probe", () => {
    const { candidate, socket } = probe();
    expect(socket.upgrading).toBe(false);
    candidate.receive("2probe");

    expect(candidate.frames).toEqual(["3probe"]);
    expect(socket.upgrading).toBe(true);
  });

  it("probed: is given up at a second probe", () => {
    const attempt = probed();
    attempt.candidate.receive("2probe");

    expect(isGivenUp(attempt)).toBe(true);
    expect(attempt.candidate.frames).toEqual([]);
  });

  it.each(["silent", "probed"] as const)("%s: is completed by 5", (state) => {
    const { candidate, socket, transport } = states[state]();
    candidate.receive("5");

    expect(socket.transport).toBe(candidate);
    expect([socket.upgraded, socket.upgrading, socket.attempt]).toEqual([true, false, undefined]);
    expect(transport.goodbyes).toEqual(["discard"]);
  });

  it("silent: is logged when 5 completes it", () => {
    const [careless, careful] = [probe(), probed()];
    careless.candidate.receive("5");
    careful.candidate.receive("5");

    expect(careless.log.lines).toEqual(["debug a client has upgraded without a probe"]);
    expect(careful.log.lines).toEqual([]);
  });

  describe.each(["silent", "probed"] as const)("%s:", (state) => {
    it.each<MessageData>(["2", "3", "3probe", "4a", "0", "1", "6", Buffer.from("010203", "hex")])(
      "is given up at %p, and the session stays",
      (frame) => {
        const attempt = states[state]();
        attempt.candidate.receive(frame);

        expect(isGivenUp(attempt)).toBe(true);
        expect(attempt.socket.readyState).toBe("open");
        expect(attempt.socket.transport).toBe(attempt.transport);
        expect(attempt.heard).toEqual([]);
      },
    );

    it("is given up at the end of its transport, and the session stays", () => {
      const attempt = states[state]();
      attempt.candidate.lose("transport error", new TypeError("why"));

      expect(isGivenUp(attempt)).toBe(true);
      expect(attempt.heard).toEqual([]);
    });

    it("is given up at its timeout, and the session stays", () => {
      const attempt = states[state]();
      attempt.clock.advance(TIMEOUT_MS - 2);
      expect(isGivenUp(attempt)).toBe(false);

      attempt.clock.advance(2);
      expect(isGivenUp(attempt)).toBe(true);
      expect(attempt.socket.readyState).toBe("open");
    });

    it("is given up with its session", () => {
      const attempt = states[state]();
      attempt.transport.lose();

      expect(isGivenUp(attempt)).toBe(true);
      expect(attempt.clock.pendingTimers).toBe(0);
    });
  });

  it("releases a parked poll at once and every 100 ms, until it is complete", () => {
    const { candidate, transport, clock } = probed();
    expect(transport.take()).toEqual(["6"]);
    clock.advance(500);
    expect(transport.frames).toEqual([]);

    transport.becomeWritable();
    clock.advance(98);
    expect(transport.frames).toEqual([]);
    clock.advance(2);
    expect(transport.take()).toEqual(["6"]);

    candidate.receive("5");
    clock.advance(1_000);
    expect(transport.frames).toEqual([]);
  });

  it("lets the session send by its old transport until it is complete", () => {
    const { candidate, transport, socket } = probed();
    transport.take();
    transport.becomeWritable();
    socket.send("a");

    expect(transport.frames).toEqual(["4a"]);
    expect(candidate.frames).toEqual([]);
  });

  it("brings what waited to the new transport, in order", () => {
    const { candidate, transport, socket } = probed();
    transport.take();
    socket.send("a").send("b");
    candidate.receive("5");
    socket.send("c");

    expect(transport.frames).toEqual([]);
    expect(candidate.frames).toEqual(["4a", "4b", "4c"]);
  });

  it("hears the new transport only", () => {
    const { candidate, transport, heard } = probed();
    candidate.receive("5");
    transport.receive("4old");
    candidate.receive("4new");
    transport.lose();

    expect(heard).toEqual([["message", "new"]]);
  });

  it("completes the goodbye of a session that closes meanwhile", () => {
    const { candidate, transport, socket, heard } = probed();
    transport.take();
    socket.send("last");
    socket.close();
    candidate.receive("5");

    expect(candidate.frames).toEqual(["4last"]);
    expect(candidate.goodbyes[0]).toBe("close");
    expect(heard).toEqual([["close", "forced close"]]);
  });

  it("may be tried again after it was given up", () => {
    const { candidate, socket, server } = probed();
    candidate.lose();
    const second = new FakeTransport("websocket");
    new UpgradeAttempt(socket, second, server.deadlines, TIMEOUT_MS);
    second.receive("2probe", "5");

    expect(socket.transport).toBe(second);
  });

  it("keeps the heartbeat of the session", () => {
    const { candidate, clock, heard } = probed();
    candidate.receive("5");
    clock.advance(25_000);
    expect(candidate.frames).toEqual(["2"]);

    clock.advance(20_000);
    expect(heard).toEqual([["close", "ping timeout"]]);
  });

  it("tells listeners when it is probed and when it is complete, and outlives their throws", () => {
    const attempt = probe();
    const events: unknown[] = [];
    for (const event of ["upgrading", "upgrade"]) {
      attempt.socket.on(event, (transport: unknown) => {
        events.push([event, transport]);
        throw new TypeError("why");
      });
    }
    attempt.candidate.receive("2probe", "5");

    expect(events).toEqual([
      ["upgrading", attempt.candidate],
      ["upgrade", attempt.candidate],
    ]);
    expect(attempt.socket.transport).toBe(attempt.candidate);
    expect(attempt.log.lines).toHaveLength(2);
  });
});
