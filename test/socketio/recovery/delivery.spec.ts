import fc from "fast-check";
import { RecoveryStage, type Visitor } from "../../support/recovery-stage.js";

const ROOMS = ["red", "blue", "green"];

type Step =
  | { readonly do: "emit"; readonly rooms: string[]; readonly except: string[] }
  | { readonly do: "direct" | "read" | "lose" | "come back" | "come back unnoticed" }
  | { readonly do: "join" | "leave"; readonly room: string };

const room = fc.constantFrom(...ROOMS);
const rooms = fc.uniqueArray(room, { maxLength: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("emit" as const), rooms, except: rooms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("join" as const, "leave" as const), room }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("direct", "read", "lose", "come back", "come back unnoticed") }),
  },
);

/** One client, what it should have received by the end, and what it has. */
class Walk {
  readonly #stage = new RecoveryStage();
  readonly #rooms = new Set<string>();
  readonly expected: number[] = [];
  readonly received: number[] = [];
  #visitor: Visitor = this.#stage.enter();
  #isAway = false;
  #count = 0;

  take(step: Step): void {
    switch (step.do) {
      case "emit":
        this.#emit(step.rooms, step.except);
        break;
      case "direct":
        this.#stage.io.to(this.#visitor.sid).emit("event", this.#expect(true));
        break;
      case "join":
      case "leave":
        this.#move(step.do, step.room);
        break;
      case "read":
        if (!this.#isAway) this.#note(this.#visitor.take());
        break;
      case "lose":
        if (!this.#isAway) this.#visitor.lose();
        this.#isAway = true;
        break;
      case "come back":
        if (this.#isAway) this.#comeBack();
        break;
      case "come back unnoticed":
        this.#comeBackUnnoticed();
        break;
    }
  }

  /** Whatever has not arrived yet arrives. */
  finish(): void {
    this.take({ do: "lose" });
    this.take({ do: "come back" });
  }

  #emit(to: string[], except: string[]): void {
    const isMember = to.length === 0 || to.some((name) => this.#rooms.has(name));
    const number = this.#expect(isMember && !except.some((name) => this.#rooms.has(name)));
    this.#stage.io.to(to).except(except).emit("event", number);
  }

  #expect(isForClient: boolean): number {
    this.#count += 1;
    if (isForClient) this.expected.push(this.#count);
    return this.#count;
  }

  #move(what: "join" | "leave", name: string): void {
    if (this.#isAway) return;
    void this.#visitor.socket[what](name);
    if (what === "join") this.#rooms.add(name);
    else this.#rooms.delete(name);
  }

  #comeBack(): void {
    const { sid } = this.#visitor;
    this.#visitor = this.#visitor.comeBack();
    this.#isAway = false;
    expect(this.#visitor.sid).toBe(sid);
    this.#note(this.#visitor.missed);
  }

  /** The server still has the old connection. A second time with the same offset would be a claim used twice. */
  #comeBackUnnoticed(): void {
    if (this.#isAway) return;
    const known = this.received.length;
    this.#note(this.#visitor.take());
    if (this.received.length === known) return;
    this.#comeBack();
  }

  #note(frames: Visitor["missed"]): void {
    for (const frame of frames) {
      const [, number] = JSON.parse(String(frame).slice(2)) as [string, number];
      this.received.push(number);
    }
  }
}

describe("events to a client that loses its connection again and again", () => {
  it("arrive once and in order, whatever rooms it was in when", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const walk = new Walk();
        for (const next of steps) walk.take(next);
        walk.finish();

        expect(walk.received).toEqual(walk.expected);
      }),
      { numRuns: 500 },
    );
  });
});
