import type { MessageService } from "../src/message.service.js";
import { RoomService } from "../src/room.service.js";
import type { User } from "../src/user.service.js";

const userCalled = (name: string): User => ({ name, key: `key of ${name}`, socketId: `socket of ${name}` });

describe("RoomService", () => {
  const ann = userCalled("Ann");
  const forget = jest.fn();
  let rooms: RoomService;

  beforeEach(() => {
    forget.mockReset();
    rooms = new RoomService({ forget } as unknown as MessageService);
  });

  it("begins with standing rooms, all empty", () => {
    expect(rooms.list()).toContainEqual({ name: "lobby", members: 0 });
  });

  it("knows who is where", () => {
    rooms.join("lobby", ann);
    rooms.join("lobby", userCalled("Bob"));
    rooms.join("cellar", ann);

    expect(rooms.membersOf("lobby")).toEqual(["Ann", "Bob"]);
    expect(rooms.roomsOf(ann)).toEqual(["lobby", "cellar"]);
    expect(rooms.isMember("tea kitchen", ann)).toBe(false);
  });

  it("says whether joining and leaving changed anything", () => {
    expect([rooms.join("lobby", ann), rooms.join("lobby", ann)]).toEqual([true, false]);
    expect([rooms.leave("lobby", ann), rooms.leave("lobby", ann), rooms.leave("nowhere", ann)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("tells two connections of one name apart", () => {
    rooms.join("lobby", ann);
    rooms.leave("lobby", userCalled("Ann"));

    expect(rooms.membersOf("lobby")).toEqual(["Ann"]);
  });

  it("closes the longest standing empty room of its users when there are too many", () => {
    openRoomsUntilFull();
    rooms.leave("room 1", ann);
    rooms.join("one more", ann);

    const names = rooms.list().map(({ name }) => name);
    expect(names).toContain("one more");
    expect(names).toContain("tea kitchen");
    expect(names).not.toContain("room 1");
    expect(forget).toHaveBeenCalledWith("room 1");
  });

  it("refuses another room while all are in use", () => {
    openRoomsUntilFull();

    expect(() => rooms.join("one more", ann)).toThrow(expect.objectContaining({ code: "TOO_MANY_ROOMS" }));
    expect(rooms.list()).toHaveLength(30);
  });

  function openRoomsUntilFull(): void {
    for (let number = 1; rooms.list().length < 30; number += 1) rooms.join(`room ${number}`, ann);
  }
});
