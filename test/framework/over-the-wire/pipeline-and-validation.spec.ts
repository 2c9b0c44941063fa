import { IsInt, IsString, Length, Min } from "class-validator";
import {
  Ack,
  Auth,
  Catch,
  type ExceptionFilter,
  ExecutionContext,
  GatewayException,
  type Interceptor,
  Namespace,
  OnConnect,
  OnEvent,
  Param,
  ParseIntPipe,
  Payload,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type CanActivate,
  type Socket,
} from "rookery";
import { z } from "zod";
import { ask, exception, useApplications } from "../support/applications.js";

class Credentials {
  @IsString() @Length(1, 20) name!: string;
}

class Order {
  @IsString() item!: string;
  @IsInt() @Min(1) count!: number;
}

class Trace implements CanActivate, Interceptor {
  canActivate({ socket, event }: ExecutionContext): boolean {
    traceOf(socket).push(`guard ${event ?? "connect"}`);
    return event !== "forbidden";
  }

  async intercept({ socket }: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    traceOf(socket).push("before");
    const value = await next();
    traceOf(socket).push("after");
    return value;
  }
}

@Catch(RangeError)
class RangeFilter implements ExceptionFilter {
  catch({ message }: RangeError): never {
    throw new GatewayException("CONFLICT", message);
  }
}

function traceOf({ data }: Pick<Socket, "data">): string[] {
  return ((data as { trace?: string[] }).trace ??= []);
}

@Namespace("/tables/:number")
@UseGuards(Trace)
@UseFilters(RangeFilter)
class TableGateway {
  @OnConnect()
  sit(@Auth() { name }: Credentials, @Param("number", ParseIntPipe) table: number): void {
    if (table > 9) throw new GatewayException("NOT_FOUND", `${name}, there is no table ${table}.`);
  }

  @OnEvent("order")
  @Ack()
  @UseInterceptors(Trace)
  order(order: Order, context: ExecutionContext): unknown {
    if (order.count > 100) throw new RangeError("That many?");
    return { isOrder: order instanceof Order, order, trace: traceOf(context.socket) };
  }

  @OnEvent("tip:*")
  @Ack()
  tip(@Payload(z.object({ cents: z.number().positive() })) { cents }: { cents: number }): number {
    return cents;
  }

  @OnEvent("forbidden")
  forbidden(): void {}

  @OnEvent("crash")
  crash(): never {
    throw new Error("the password is 1234");
  }
}

describe("the pipeline and validation, over a real socket", () => {
  const run = useApplications();

  it("run for a connection as for an event, and refuse it with a code", async () => {
    const restaurant = await run({ providers: [TableGateway] });

    const nameless = await restaurant.refused("/tables/3", {});
    expect(nameless).toMatchObject({ data: { code: "VALIDATION_FAILED", details: [{ path: "name" }] } });
    const lost = await restaurant.refused("/tables/12", { name: "ann" });
    expect(lost).toMatchObject({ message: "ann, there is no table 12.", data: { code: "NOT_FOUND" } });
  });

  it("answer with values, with the errors that filters make, and with what validation found", async () => {
    const restaurant = await run({ providers: [TableGateway] });
    const ann = await restaurant.connect("/tables/3", { name: "ann" });

    expect(await ask(ann, "order", { item: "tea", count: 2, price: 0 })).toEqual({
      isOrder: true,
      order: { item: "tea", count: 2 },
      trace: ["guard connect", "guard order", "before", "after"],
    });
    expect(await ask(ann, "order", { item: "tea", count: 101 })).toEqual({
      error: { code: "CONFLICT", message: "That many?" },
    });
    expect(await ask(ann, "order", { item: "tea", count: 0 })).toMatchObject({
      error: { code: "VALIDATION_FAILED", details: [{ path: "count", constraints: { min: expect.any(String) } }] },
    });
    expect(await ask(ann, "tip:waiter", { cents: 50 })).toBe(50);
    expect(await ask(ann, "tip:cook", { cents: -1 })).toMatchObject({ error: { code: "VALIDATION_FAILED" } });
  });

  it("tell what failed by the event `exception` where no answer was wanted, and nothing of the server", async () => {
    const restaurant = await run({ providers: [TableGateway] });
    const ann = await restaurant.connect("/tables/3", { name: "ann" });

    const refused = exception(ann);
    ann.emit("forbidden", "a secret");
    expect(await refused).toEqual({ event: "forbidden", error: { code: "FORBIDDEN", message: expect.any(String) } });
    const crashed = exception(ann);
    ann.emit("crash");
    const { error } = (await crashed) as { error: { details: { correlationId: string } } };
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(JSON.stringify(error)).not.toContain("1234");
    expect(JSON.stringify(restaurant.log)).toContain(error.details.correlationId);
  });
});
