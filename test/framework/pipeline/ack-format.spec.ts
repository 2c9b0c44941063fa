import {
  Ack,
  type AckCallback,
  type AckFormat,
  Catch,
  type ExceptionFilter,
  GatewayException,
  Namespace,
  OnEvent,
  UseFilters,
} from "rookery";
import { useApplications } from "../support/applications.js";
import { joinRaw } from "../support/frames.js";

@Catch(RangeError)
class Rescue implements ExceptionFilter {
  catch(): string {
    return "rescued";
  }
}

@Namespace()
class AnswerGateway {
  forgotten: AckCallback | undefined;

  @OnEvent("value")
  @Ack()
  value(): unknown {
    return { n: 1 };
  }

  @OnEvent("null")
  @Ack()
  null(): null {
    return null;
  }

  @OnEvent(["undefined", "plain"])
  plain(): string {
    return "not for the client";
  }

  @OnEvent("throws")
  throws(): never {
    throw new GatewayException("CONFLICT", "taken");
  }

  @OnEvent("rescued")
  @UseFilters(Rescue)
  rescued(): never {
    throw new RangeError("caught");
  }

  @OnEvent("callback")
  callback(@Ack() reply: AckCallback): void {
    reply("as", "it is");
  }

  @OnEvent("forgetful")
  forgetful(@Ack() reply: AckCallback): void {
    this.forgotten = reply;
  }

  @OnEvent("own value")
  @Ack({ format: "value" })
  ownValue(): number {
    return 1;
  }

  @OnEvent("own envelope")
  @Ack(undefined, { format: "envelope" })
  ownEnvelope(): number {
    return 1;
  }

  @OnEvent("own node")
  ownNode(@Ack({ format: "node" }) reply: AckCallback): void {
    this.forgotten = reply;
    throw new GatewayException("CONFLICT", "taken");
  }
}

const TAKEN = '{"code":"CONFLICT","message":"taken"}';
const FORGOTTEN = '{"code":"NOT_ACKNOWLEDGED","message":"The handler ended without an answer."}';
const UNKNOWN = '{"code":"NOT_FOUND","message":"Nobody handles this event."}';

describe.each<[AckFormat | undefined, Record<string, string>]>([
  [
    undefined,
    {
      value: '[{"n":1}]',
      null: "[null]",
      plain: "[]",
      throws: `[{"error":${TAKEN}}]`,
      rescued: '["rescued"]',
      forgetful: `[{"error":${FORGOTTEN}}]`,
      nobody: `[{"error":${UNKNOWN}}]`,
    },
  ],
  [
    "envelope",
    {
      value: '[{"ok":true,"data":{"n":1}}]',
      null: '[{"ok":true,"data":null}]',
      plain: '[{"ok":true}]',
      throws: `[{"ok":false,"error":${TAKEN}}]`,
      rescued: '[{"ok":true,"data":"rescued"}]',
      forgetful: `[{"ok":false,"error":${FORGOTTEN}}]`,
      nobody: `[{"ok":false,"error":${UNKNOWN}}]`,
    },
  ],
  [
    "node",
    {
      value: '[null,{"n":1}]',
      null: "[null,null]",
      plain: "[null]",
      throws: `[${TAKEN}]`,
      rescued: '[null,"rescued"]',
      forgetful: `[${FORGOTTEN}]`,
      nobody: `[${UNKNOWN}]`,
    },
  ],
])("the acknowledgement of an application with ackFormat %p", (ackFormat, answers) => {
  const run = useApplications();
  const start = () => run({ providers: [AnswerGateway] }, ackFormat === undefined ? {} : { ackFormat });

  it.each(Object.entries(answers))('answers "%s" with %s', async (event, answer) => {
    const client = await joinRaw(await start());
    client.send(`427["${event}"]`);
    expect(await client.next()).toBe(`437${answer}`);
  });

  it("is what a callback says, as it is", async () => {
    const client = await joinRaw(await start());
    client.send('427["callback"]');
    expect(await client.next()).toBe('437["as","it is"]');
  });

  it("has the format that the handler names", async () => {
    const client = await joinRaw(await start());
    client.send('421["own value"]', '422["own envelope"]', '423["own node"]');
    expect(await client.take(3)).toEqual(["431[1]", '432[{"ok":true,"data":1}]', `433[${TAKEN}]`]);
  });

  it("does not change what comes as an exception", async () => {
    const client = await joinRaw(await start());
    client.send('42["throws"]');
    expect(await client.next()).toBe(`42["exception",{"event":"throws","error":${TAKEN}}]`);
  });
});

describe("an unknown ackFormat", () => {
  const run = useApplications();

  it("stops the start, in the options", async () => {
    await expect(run({}, { ackFormat: "xml" as AckFormat })).rejects.toMatchObject({
      code: "GATEWAY_BAD_OPTION",
      message: "option ackFormat is xml, expected value, envelope, node",
    });
  });

  it("stops the start, of a handler", async () => {
    @Namespace()
    class WrongGateway {
      @OnEvent("say")
      @Ack({ format: "xml" as AckFormat })
      say(): void {
        // Never called.
      }
    }

    await expect(run({ providers: [WrongGateway] })).rejects.toMatchObject({
      code: "GATEWAY_BAD_OPTION",
      message: expect.stringContaining("WrongGateway.say") as string,
    });
  });
});
