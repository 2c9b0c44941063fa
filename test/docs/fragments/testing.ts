import { APP_GUARD, type CanActivate } from "rookery";
import { mockSocket, Test, type TestClient, type TestingApplication } from "rookery/testing";

class AppModule {}

export async function overview(): Promise<void> {
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const ann = await app.connect("/chat", { auth: { name: "ann" } });
  await expect(ann.emitWithAck("message:send", { text: "hi" })).toAckWith({ id: 1, text: "hi" });
  await app.close();
}

export async function time(app: TestingApplication, ann: TestClient): Promise<void> {
  const answer = expect(ann.emitWithAck("slow")).toFailWith("TIMEOUT");
  await app.clock.advance("30s");
  await answer;
}

export async function severalServers(app: TestingApplication): Promise<TestClient[]> {
  const [one, two] = await app.cluster(2);
  const ann = await one.connect("/chat");
  const bob = await two.connect("/chat");
  return [ann, bob];
}

export async function transcripts(app: TestingApplication, transcript: string): Promise<void> {
  expect(await app.replay(transcript)).toBe(transcript);
}

abstract class Messages {
  abstract find(): string;
}

class StartDate extends Date {}

class EverybodyMay implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

class DatabaseModule {}

class MemoryModule {}

export async function overrides(): Promise<TestingApplication> {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  builder.overrideProvider(Messages).useValue({ find: () => "faked" });
  builder.overrideProvider("clock").useFactory((start: Date) => () => start, [StartDate]);
  builder.overrideGuard(APP_GUARD).useClass(EverybodyMay);
  builder.overrideModule(DatabaseModule).useModule(MemoryModule);
  const app = await builder.compile();
  return app;
}

export async function clients(app: TestingApplication, seen: string[]): Promise<TestClient> {
  const ann = await app.connect("/chat", { auth: { name: "ann" }, headers: { "x-tenant": "blue" } });
  const orders = await ann.connect("/orders"); // another namespace of the same connection

  expect(await ann.emitWithAck("message:send", { text: "hi" })).toEqual({ id: 1 });
  expect(await ann.emitWithAck("message:send", { text: 1 }).raw).toEqual([{ error: { code: "VALIDATION_FAILED" } }]);

  expect(await ann.next("message:new")).toEqual([{ text: "hi" }]); // takes it, or waits for it
  expect(ann.received("message:new")).toHaveLength(1); // all of them so far
  ann.on("typing", (name: string) => seen.push(name));
  return orders;
}

export async function questions(bob: TestClient): Promise<void> {
  bob.onAck("invited", (from: string) => from === "ann"); // whenever it is asked
  expect(await bob.answer("vote", "yes")).toEqual(["lunch?"]); // the next one, now
}

export async function leaving(ann: TestClient): Promise<void> {
  await ann.disconnect(); // "client namespace disconnect"
  await ann.reconnect({ auth: { name: "ann", token: "new" } });
  await ann.disconnect("transport close");
  await ann.reconnect();
  expect(ann.recovered).toBe(true); // with connectionStateRecovery
}

class OrdersGateway {
  read(id: number): object {
    return { id };
  }
}

export async function timers(ann: TestClient): Promise<void> {
  ann.emit("remind", "in 50 ms");
  await expect(ann).toReceive("reminder"); // and not.toReceive would fail
}

export async function invoking(app: TestingApplication): Promise<void> {
  const socket = mockSocket({ namespace: "/orders/7", data: { user: "ann" } });
  expect(await app.invoke(OrdersGateway, "read", [1], { socket })).toEqual({ id: 1 });
}
