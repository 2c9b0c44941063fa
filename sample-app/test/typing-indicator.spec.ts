import type { Socket } from "rookery";
import { TypingIndicator } from "../src/typing-indicator.js";

describe("TypingIndicator", () => {
  const emit = jest.fn();
  const to = jest.fn(() => ({ volatile: { emit } }));
  let indicator: TypingIndicator;

  beforeEach(() => {
    jest.useFakeTimers();
    emit.mockReset();
    indicator = new TypingIndicator({ data: { user: { name: "Ann" } }, to } as unknown as Socket);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it("shows the others in the room that somebody types", () => {
    indicator.show("lobby", true);

    expect(to).toHaveBeenCalledWith("room:lobby");
    expect(emit).toHaveBeenCalledWith("typing", { room: "lobby", user: "Ann", active: true });
  });

  it("takes it back when nothing more is heard for four seconds", () => {
    indicator.show("lobby", true);
    jest.advanceTimersByTime(3_000);
    indicator.show("lobby", true);
    jest.advanceTimersByTime(3_999);
    expect(emit).toHaveBeenCalledTimes(2);

    jest.advanceTimersByTime(1);
    expect(emit).toHaveBeenLastCalledWith("typing", { room: "lobby", user: "Ann", active: false });
  });

  it("says nothing more when its connection has ended", () => {
    indicator.show("lobby", true);
    indicator.stop();
    jest.runAllTimers();

    expect(emit).toHaveBeenCalledTimes(1);
  });
});
