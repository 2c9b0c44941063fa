import type { ExecutionContext } from "rookery";
import { MemberGuard } from "../src/member.guard.js";
import type { RoomService } from "../src/room.service.js";

describe("MemberGuard", () => {
  const isMember = jest.fn((room: string) => room === "lobby");
  const guard = new MemberGuard({ isMember } as unknown as RoomService);
  const contextOf = (...args: unknown[]): ExecutionContext =>
    ({ socket: { data: { user: { name: "Ann" } } }, args }) as unknown as ExecutionContext;

  it("lets members write", () => {
    expect(guard.canActivate(contextOf({ room: "lobby" }))).toBe(true);
    expect(isMember).toHaveBeenCalledWith("lobby", { name: "Ann" });
  });

  it("knows the room however its name was typed", () => {
    expect(guard.canActivate(contextOf({ room: "  lobby " }))).toBe(true);
  });

  it.each([
    ["a room the user is not in", [{ room: "cellar" }]],
    ["a payload without a room", [{ text: "hi" }]],
    ["a room that is not text", [{ room: { name: "lobby" } }]],
    ["a payload that is no object", ["lobby"]],
    ["no payload", []],
  ])("refuses %s", (_title, args) => {
    expect(guard.canActivate(contextOf(...args))).toBe(false);
  });
});
