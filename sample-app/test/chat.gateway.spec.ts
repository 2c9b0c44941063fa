import type { ContextLogger, Socket } from "rookery";
import { ChatGateway } from "../src/chat.gateway.js";
import type { MessageService } from "../src/message.service.js";
import type { RoomService } from "../src/room.service.js";
import type { UserService } from "../src/user.service.js";

/** Gateways are plain classes: without a container, with mocks where their services go. */
describe("ChatGateway", () => {
  const ann = { name: "Ann", key: "the key of Ann's tab", socketId: "s1" };
  const saved = { id: "message-1", room: "lobby", from: "Ann", text: "hi", sentAt: 1, delivered: false };
  const dto = { id: "message-1", room: "lobby", text: "hi" };

  const add = jest.fn(() => ({ ...saved }));
  const list = jest.fn(() => [{ name: "lobby", members: 1 }]);
  const enter = jest.fn(() => ({ user: ann, replaced: undefined }));
  const info = jest.fn();
  const gateway = new ChatGateway(
    { enter } as unknown as UserService,
    { list } as unknown as RoomService,
    { add } as unknown as MessageService,
    { info } as unknown as ContextLogger,
  );

  it("greets whoever comes in with the name and the rooms", () => {
    const socket = { id: "s1", data: {}, handshake: { address: "198.51.100.7" }, emit: jest.fn() };

    gateway.enter(socket as unknown as Socket, { name: "Ann", key: ann.key });

    expect(enter).toHaveBeenCalledWith({ name: "Ann", key: ann.key }, "s1");
    expect(socket.data).toEqual({ user: ann });
    expect(info).toHaveBeenCalledWith("somebody came in", { user: "Ann", address: "198.51.100.7" });
    expect(socket.emit).toHaveBeenCalledWith("welcome", { name: "Ann", rooms: [{ name: "lobby", members: 1 }] });
  });

  it("answers with the saved message before anybody has received it", () => {
    const { socket } = socketWhoseOthersAnswer(new Promise(() => undefined));

    expect(gateway.send(dto, socket)).toEqual(saved);
    expect(add).toHaveBeenCalledWith("Ann", dto);
  });

  it("tells the sender when all others have received the message", async () => {
    const receipts = Promise.resolve([undefined, undefined]);
    const { socket, emit } = socketWhoseOthersAnswer(receipts);

    gateway.send(dto, socket);
    await receipts;

    expect(emit).toHaveBeenCalledWith("message:delivered", { room: "lobby", id: "message-1" });
  });

  it.each([
    ["nobody else is there", () => Promise.resolve([])],
    ["somebody does not answer in time", () => Promise.reject(new Error("operation has timed out"))],
  ])("leaves the message at one tick when %s", async (_title, answer) => {
    const receipts = answer();
    const { socket, emit } = socketWhoseOthersAnswer(receipts);

    gateway.send(dto, socket);
    await receipts.catch(() => undefined);

    expect(emit).not.toHaveBeenCalled();
  });

  function socketWhoseOthersAnswer(receipts: Promise<unknown[]>) {
    const emit = jest.fn();
    const others = { timeout: () => ({ emitWithAck: () => receipts }) };
    return { emit, socket: { data: { user: ann }, to: () => others, emit } as unknown as Socket };
  }
});
