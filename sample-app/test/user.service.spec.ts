import { UserService } from "../src/user.service.js";

const annsKey = { name: "Ann", key: "the key of Ann's tab" };

describe("UserService", () => {
  let users: UserService;

  beforeEach(() => {
    users = new UserService();
  });

  it("refuses a name that somebody has, however it is written", () => {
    users.enter(annsKey, "s1");

    expect(() => users.enter({ name: "ANN", key: "the key of another" }, "s2")).toThrow(
      expect.objectContaining({ code: "NAME_TAKEN", message: "Somebody is already here as Ann." }),
    );
  });

  it("frees the name when its user leaves", () => {
    users.exit(users.enter(annsKey, "s1").user);

    expect(users.enter({ name: "Ann", key: "the key of another" }, "s2").replaced).toBeUndefined();
  });

  it("gives the name back to the tab that had it, and names the connection it replaces", () => {
    const { user } = users.enter(annsKey, "s1");

    expect(users.enter(annsKey, "s2")).toEqual({ user: { ...annsKey, socketId: "s2" }, replaced: user });
  });

  it("keeps the name with the newer connection when the older one ends", () => {
    const { user } = users.enter(annsKey, "s1");
    users.enter(annsKey, "s2");
    users.exit(user);

    expect(() => users.enter({ name: "Ann", key: "the key of another" }, "s3")).toThrow("Somebody is already here");
  });

  it("is full with five hundred people, until one leaves", () => {
    const entrances = Array.from({ length: 500 }, (_, number) =>
      users.enter({ name: `Guest ${number}`, key: "the key of a guest" }, `s${number}`),
    );
    expect(users.isFull).toBe(true);

    for (const { user } of entrances.slice(0, 1)) users.exit(user);
    expect(users.isFull).toBe(false);
  });
});
