import "reflect-metadata";
import { plainToInstance, Type } from "class-transformer";
import { IsString, Length, validate } from "class-validator";
import { importLazyPart } from "../peers/built-package.js";
import { OrderDto } from "../peers/order-dto.js";
import { median, pairedRatio } from "../statistics.js";

/**
 * What checking one payload costs, compiled and by the libraries, in one process and by turns: CPU time of the process
 * divided by the number of calls. `node bench/dist/micro/validation.js [rounds]`, after `npm run bench -- --quick`.
 */

/** As much of the built file as is called. */
interface DtoModule {
  dtoValidator(place: object, options: object): { validate(value: unknown): unknown };
}

const { dtoValidator } = await importLazyPart<DtoModule>("framework", "dto-validator");

const accepted = {
  customer: "Ann Example",
  email: "ann@example.org",
  priority: 3,
  address: { street: "Main Street 1", city: "Springfield" },
  items: [1, 2, 3].map((quantity) => ({ sku: `A-${quantity}`, quantity })),
};

/** One thing wrong with each. */
const refused: Record<string, object> = {
  "a number out of range": { ...accepted, priority: 0 },
  "a wrong type": { ...accepted, customer: 5 },
  "a property missing": { ...accepted, customer: undefined },
  "an item of a list": { ...accepted, items: [{ sku: "A-1", quantity: 0 }] },
  "an address that is none": { ...accepted, email: "nope" },
};

const compiled = dtoValidator({ type: OrderDto, isArray: false, argument: undefined, where: "the benchmark" }, {});

function attempt(payload: object): void {
  try {
    compiled.validate(payload);
  } catch {
    // That is what is measured.
  }
}

async function byLibraries(): Promise<void> {
  await validate(plainToInstance(OrderDto, accepted), { whitelist: true, forbidUnknownValues: true });
}

interface Contender {
  readonly calls: number;
  readonly call: () => unknown;
}

async function nanosecondsOf({ calls, call }: Contender): Promise<number> {
  const isAsync = call() instanceof Promise;
  const before = process.cpuUsage();
  if (isAsync) for (let index = 0; index < calls; index++) await call();
  else for (let index = 0; index < calls; index++) call();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / calls;
}

const contenders: Readonly<Record<string, Contender>> = {
  libraries: { calls: 4_000, call: byLibraries },
  compiled: { calls: 400_000, call: () => compiled.validate(accepted) },
  ...Object.fromEntries(
    Object.entries(refused).map(([name, payload]) => [name, { calls: 40_000, call: () => attempt(payload) }]),
  ),
};

/** Classes of the rest of an application, which class-validator goes through on every call. */
function declareOtherClasses(count: number): void {
  for (let index = 0; index < count; index++) {
    class Other {}
    for (const property of ["a", "b", "c", "d", "e"]) {
      IsString()(Other.prototype, property);
      Length(1, 9)(Other.prototype, property);
    }
    Type(() => String)(Other.prototype, "a");
  }
}

async function measure(title: string, rounds: number): Promise<void> {
  const costs = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const cost = await nanosecondsOf(contender);
      // The first round is for the compiler of the engine.
      if (round >= 0) costs.get(name)?.push(cost);
    }
  }
  const own = costs.get("compiled") ?? [];
  process.stdout.write(`\n${title}\n`);
  for (const [name, cost] of costs) {
    const { median: ratio, lowest, highest } = pairedRatio(cost, own);
    const range = `${ratio.toFixed(1)}x (${lowest.toFixed(1)}–${highest.toFixed(1)})`;
    process.stdout.write(`  ${name.padEnd(26)} ${median(cost).toFixed(0).padStart(8)} ns   ${range.padStart(24)}\n`);
  }
}

const rounds = Number(process.argv[2] ?? 7);
await measure("validation of one payload, CPU time per call, and how many times the compiled one's", rounds);
declareOtherClasses(200);
await measure("the same with 200 other DTO classes", rounds);
