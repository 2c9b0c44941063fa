// handlers-alone.spec.ts
import { IsString } from "class-validator";
import { Ack, type CanActivate, type ExecutionContext, Namespace, OnEvent, Server, Socket, UseGuards } from "rookery";
import { createMock, invoke, mockServer, mockSocket } from "rookery/testing";

class PostNote {
  @IsString() text!: string;
}

abstract class Notes {
  abstract add(text: string): Promise<number>;
}

class Members implements CanActivate {
  canActivate({ socket }: ExecutionContext): boolean {
    return socket.rooms.has("members");
  }
}

@Namespace("/board")
class BoardGateway {
  constructor(
    private readonly notes: Notes,
    private readonly server: Server,
  ) {}

  @OnEvent("note:post")
  @UseGuards(Members)
  @Ack()
  async post({ text }: PostNote, socket: Socket): Promise<number> {
    const id = await this.notes.add(text);
    socket.to("members").emit("note", { id, text });
    this.server.to("screen").emit("notes", id);
    return id;
  }
}

const notes = createMock<Notes>();
const server = mockServer();
const board = new BoardGateway(notes, server);

beforeEach(() => {
  notes.add.mockResolvedValue(7);
});

it("tells the members and the screen", async () => {
  const socket = mockSocket();

  expect(await board.post({ text: "hi" }, socket)).toBe(7);
  expect(socket.emittedTo("members")).toEqual([["note", { id: 7, text: "hi" }]]);
  expect(server.emittedTo("screen")).toEqual([["notes", 7]]);
});

it("takes valid notes of members only", async () => {
  const socket = mockSocket({ rooms: ["members"] });

  expect(await invoke(board, "post", [{ text: "hi" }], { socket })).toBe(7);
  await expect(invoke(board, "post", [{ text: 1 }], { socket })).toFailWith("VALIDATION_FAILED");
  await expect(invoke(board, "post", [{ text: "hi" }])).toFailWith("FORBIDDEN");
});
