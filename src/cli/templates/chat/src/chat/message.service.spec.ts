import { MessageService } from "./message.service.js";

describe("MessageService", () => {
  it("numbers messages, and keeps those of each room", () => {
    const messages = new MessageService();
    const first = messages.add({ room: "lobby", from: "Ann", text: "hi" });
    const second = messages.add({ room: "garden", from: "Bob", text: "hello" });

    expect([first.id, second.id]).toEqual([1, 2]);
    expect(messages.historyOf("lobby")).toEqual([first]);
  });

  it("keeps the last fifty messages of a room", () => {
    const messages = new MessageService();
    for (let count = 1; count <= 51; count++) messages.add({ room: "lobby", from: "Ann", text: "hi" });

    expect(messages.historyOf("lobby")).toHaveLength(50);
    expect(messages.historyOf("lobby")[0]).toMatchObject({ id: 2 });
  });

  it("forgets the oldest of too many rooms", () => {
    const messages = new MessageService();
    for (let count = 1; count <= 101; count++) messages.add({ room: `room-${count}`, from: "Ann", text: "hi" });

    expect(messages.historyOf("room-1")).toEqual([]);
    expect(messages.historyOf("room-2")).toHaveLength(1);
  });
});
