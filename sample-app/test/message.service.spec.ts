import { MessageService } from "../src/message.service.js";

const messageIn = (room: string, id: string) => ({ id, room, text: `text of ${id}` });

describe("MessageService", () => {
  let messages: MessageService;

  beforeEach(() => {
    messages = new MessageService();
  });

  it("keeps the messages of each room, oldest first", () => {
    messages.add("Ann", messageIn("lobby", "m1"));
    messages.add("Bob", messageIn("lobby", "m2"));
    messages.add("Bob", messageIn("tea kitchen", "m3"));

    expect(messages.historyOf("lobby")).toEqual([
      expect.objectContaining({ id: "m1", from: "Ann", text: "text of m1" }),
      expect.objectContaining({ id: "m2", from: "Bob", text: "text of m2" }),
    ]);
  });

  it("adds a message once, however often it is sent", () => {
    const first = messages.add("Ann", messageIn("lobby", "m1"));

    expect(messages.add("Ann", messageIn("lobby", "m1"))).toBe(first);
    expect(messages.historyOf("lobby")).toHaveLength(1);
  });

  it("refuses the id of somebody else's message", () => {
    messages.add("Ann", messageIn("lobby", "m1"));

    expect(() => messages.add("Bob", messageIn("lobby", "m1"))).toThrow(expect.objectContaining({ code: "CONFLICT" }));
  });

  it("keeps the last hundred messages of a room", () => {
    for (let number = 1; number <= 101; number += 1) messages.add("Ann", messageIn("lobby", `m${number}`));

    const history = messages.historyOf("lobby");
    expect(history).toHaveLength(100);
    expect(history[0]).toMatchObject({ id: "m2" });
  });

  it("has no history of a room that it was told to forget", () => {
    messages.add("Ann", messageIn("lobby", "m1"));
    messages.forget("lobby");

    expect(messages.historyOf("lobby")).toEqual([]);
  });
});
