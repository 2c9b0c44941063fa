import { createHook } from "node:async_hooks";
import {
  Ack,
  Application,
  type CanActivate,
  ConnectedSocket,
  Namespace,
  OnEvent,
  silentLogger,
  UseGuards,
} from "rookery";
import type { Socket } from "rookery/core";
import { moduleOf } from "../support/applications.js";

class Anyone implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Namespace()
@UseGuards(Anyone)
class EchoGateway {
  @OnEvent("echo")
  @Ack()
  echo(text: string, count: number, @ConnectedSocket() socket: unknown): unknown {
    return [text, count, socket];
  }

  @OnEvent("refuse")
  @Ack()
  refuse(): never {
    throw new RangeError("not today");
  }

  @OnEvent("later")
  @Ack()
  async later(): Promise<string> {
    return Promise.resolve("later");
  }
}

/** How many promises are made while `run` runs. */
function promisesDuring(run: () => void): number {
  let count = 0;
  const hook = createHook({ init: (_id, type) => (count += type === "PROMISE" ? 1 : 0) }).enable();
  run();
  hook.disable();
  return count;
}

describe("the compiled pipeline of a synchronous handler", () => {
  const socket = { id: "a", nsp: { name: "/" } } as Socket;

  async function call(event: string, args: unknown[]): Promise<{ promises: number; answers: unknown[] }> {
    const app = await Application.create(moduleOf({ providers: [EchoGateway] }), { logger: silentLogger });
    await app.init();
    const handler = app.server.sockets.dispatch.handlerOf(event);
    const answers: unknown[] = [];
    const promises = promisesDuring(() => {
      handler?.(socket, args, (answer) => answers.push(answer), event);
    });
    return { promises, answers };
  }

  it("answers before it returns and makes no promise: guard, checks, handler, answer", async () => {
    expect(await call("echo", ["a", 1])).toEqual({ promises: 0, answers: [["a", 1, socket]] });
  });

  it("makes none for a refusal or an error either", async () => {
    expect(await call("echo", [5, 1])).toMatchObject({
      promises: 0,
      answers: [{ error: { code: "VALIDATION_FAILED" } }],
    });
    expect(await call("refuse", [])).toMatchObject({ promises: 0, answers: [{ error: { code: "INTERNAL" } }] });
  });

  it("would be seen to make some", async () => {
    const { promises, answers } = await call("later", []);
    expect(promises).toBeGreaterThan(0);
    expect(answers).toEqual([]);
  });
});
