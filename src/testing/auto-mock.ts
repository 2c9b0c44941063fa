import type { InjectionToken } from "../framework/index.js";
import { findSpyMaker, type Spy, type SpyMaker } from "./spies.js";

type AnyFunction = (...args: never[]) => unknown;

/** As much of `T`, at any depth, as a test wants to say. */
export type MockMembers<T> = {
  [Key in keyof T]?: T[Key] extends AnyFunction ? T[Key] : T[Key] extends object ? MockMembers<T[Key]> : T[Key];
};

/** A `T` whose methods are spies, at any depth. */
export type Mock<T> = T & {
  readonly [Key in keyof T]: T[Key] extends AnyFunction
    ? T[Key] & Spy<T[Key]>
    : T[Key] extends object
      ? Mock<T[Key]>
      : T[Key];
};

/** How mocks are made. */
export interface MockOptions {
  /** Makes the spies. Default: `jest.fn` or `vi.fn`, whichever is there. */
  readonly spy?: SpyMaker;
}

/**
 * A mock of any interface or class, without a list of its methods: whatever is read of it is a spy, of which members can be
 * read in turn. Spies return `undefined` until they are told otherwise.
 *
 * Nobody awaits a mock or takes it for a provider with hooks: `then`, `toJSON` and names such as `onModuleInit` are
 * `undefined`, unless `members` has them.
 *
 * @param members - what is known already; functions among them are taken as they are.
 * @throws TestingError `TESTING_NO_SPIES` under a runner that has neither `jest.fn` nor `vi.fn`
 * @example const messages = createMock<MessageService>({ limits: { length: 500 } });
 * messages.store.find.mockResolvedValue([]);
 */
export function createMock<T extends object>(members: MockMembers<T> = {}, options: MockOptions = {}): Mock<T> {
  return mockObject(Object.prototype, members, options.spy ?? findSpyMaker()) as Mock<T>;
}

/**
 * A mock of what a token stands for, for `useMocker(autoMock)`: of a class it passes `instanceof`.
 *
 * @throws TestingError `TESTING_NO_SPIES`
 */
export function autoMock<T = unknown>(token: InjectionToken<T>): Mock<T> {
  const prototype = typeof token === "function" ? (token.prototype as object) : Object.prototype;
  return mockObject(prototype, {}, findSpyMaker()) as Mock<T>;
}

type Members = Record<PropertyKey, unknown>;

/** What promises, serialisers, test runners and the container ask of everything that they meet. */
const NEVER_MOCKED: ReadonlySet<PropertyKey> = new Set([
  "then",
  "toJSON",
  "asymmetricMatch",
  "nodeType",
  "$$typeof",
  "onModuleInit",
  "onApplicationBootstrap",
  "onModuleDestroy",
  "beforeApplicationShutdown",
  "onApplicationShutdown",
]);

function mockObject(prototype: object, given: object, spy: SpyMaker): object {
  const members = Object.create(prototype) as Members;
  for (const [name, value] of Object.entries(given)) {
    members[name] = isPlain(value) ? mockObject(Object.prototype, value, spy) : value;
  }
  return new Proxy(members, {
    get: (target, name) => (isReal(target, name) ? target[name] : member(target, name, spy)),
  });
}

/** Of the prototype only what every object has: its methods are what is mocked. */
function isReal(target: object, name: PropertyKey): boolean {
  return Object.hasOwn(target, name) || name in Object.prototype || typeof name === "symbol" || NEVER_MOCKED.has(name);
}

/** A member that nobody has said anything of: it can be called, and have members of its own. Made when it is first read. */
function member(owner: Members, name: PropertyKey, spy: SpyMaker): unknown {
  const mock = mockFunction(spy);
  owner[name] = mock;
  return mock;
}

function mockFunction(spy: SpyMaker): unknown {
  const members: Members = {};
  return new Proxy(spy(), {
    get: (target, name, proxy) => {
      const own: unknown = Reflect.get(target, name, target);
      if (own !== undefined) return own === target ? (proxy as unknown) : own;
      // Jest takes what has `calls` for a spy of Jasmine's.
      if (isReal(members, name) || name === "calls") return members[name];
      return member(members, name, spy);
    },
    set: (target, name, value) => Reflect.set(name in target ? target : members, name, value),
  });
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
