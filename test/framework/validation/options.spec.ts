import { IsInt, IsString } from "class-validator";
import { Ack, Application, Namespace, OnEvent, Validation, type ValidationOptions } from "rookery";
import { Test, type TestingApplication } from "rookery/testing";
import { answerOf } from "./support/answers.js";
import { moduleOf } from "../support/applications.js";

class Note {
  @IsString({ groups: ["strict"] }) text!: unknown;
  @IsInt({ always: true }) size!: number;
}

@Validation({ groups: ["strict"] })
class StrictGateway {
  @OnEvent("inherited")
  @Ack()
  inherited(note: Note): object {
    return note;
  }
}

@Namespace("/notes")
@Validation({ forbidNonWhitelisted: true })
class NoteGateway extends StrictGateway {
  @OnEvent("plain")
  @Ack()
  plain(note: Note): object {
    return note;
  }

  @OnEvent("lenient")
  @Ack()
  @Validation({ forbidNonWhitelisted: false, groups: [] })
  @Validation({ groups: ["never"], transformOptions: { enableImplicitConversion: true } })
  lenient(note: Note): object {
    return { text: note.text, size: note.size, isNote: note instanceof Note };
  }
}

type Ask = (event: string, note: object) => Promise<unknown>;

const running: TestingApplication[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function connected(validation: ValidationOptions): Promise<Ask> {
  const app = await Test.createTestingModule({ providers: [NoteGateway] }, { validation }).compile();
  running.push(app);
  const client = await app.connect("/notes");
  return (event, note) => answerOf(client.emitWithAck(event, note));
}

const surplus = { text: "a", size: 1, extra: true };

describe("@Validation()", () => {
  it("goes over the application's options, and those of a handler over the gateway's", async () => {
    const ask = await connected({ maxIssues: 1 });
    expect(await ask("plain", { ...surplus, text: 5 })).toMatchObject({
      error: { details: [{ path: "extra", constraints: { whitelistValidation: "property extra should not exist" } }] },
    });
    expect(await ask("plain", { text: 5, size: 1 })).toMatchObject({
      error: { details: [{ path: "text" }] },
    });
    expect(await ask("lenient", surplus)).toEqual({ text: "a", size: 1, isNote: true });
  });

  it("is inherited, and hands its options to class-transformer", async () => {
    const ask = await connected({});
    expect(await ask("inherited", { text: 5, size: 1 })).toMatchObject({
      error: { details: [{ path: "text" }] },
    });
    expect(await ask("lenient", { text: "a", size: "7" })).toEqual({ text: "a", size: 7, isNote: true });
  });

  it("shows in the contract", async () => {
    const { contract } = await Application.create(moduleOf({ providers: [NoteGateway] }));
    const [gateway] = contract.namespaces[0]?.gateways ?? [];
    expect(gateway?.validation).toEqual({ groups: ["strict"], forbidNonWhitelisted: true });
    expect(gateway?.handlers.find(({ method }) => method.name === "lenient")?.validation).toEqual({
      forbidNonWhitelisted: false,
      groups: [],
      transformOptions: { enableImplicitConversion: true },
    });
  });
});

describe("the option validation", () => {
  it.each([{ maxIssues: 0 }, { maxIssues: Infinity }, { maxMessageLength: -1 }])(
    "is refused as %p",
    async (validation) => {
      const starting = Application.create(moduleOf({ providers: [NoteGateway] }), { validation });
      await expect(starting).rejects.toMatchObject({ code: "GATEWAY_BAD_OPTION" });
    },
  );
});
