import { autoMock, createMock } from "rookery/testing";
import { findSpyMaker } from "../../src/testing/spies.js";

interface User {
  readonly id: number;
}

abstract class Users {
  readonly #secret = 1;
  readonly cache: { readonly store: { get(key: string): string | undefined }; readonly size: number } | undefined;

  async find(id: number): Promise<User> {
    return Promise.resolve({ id: id + this.#secret });
  }

  abstract names(): string[];
}

interface Repository {
  readonly name: string;
  readonly db: { readonly users: { count(): number; all(): Promise<User[]> } };
  save(user: User): boolean;
}

describe("createMock", () => {
  it("has a spy for every method, which returns nothing until it is told to", () => {
    const repository = createMock<Repository>();

    expect(repository.save({ id: 1 })).toBeUndefined();
    repository.save.mockReturnValue(true);
    expect(repository.save({ id: 2 })).toBe(true);
    expect(repository.save).toHaveBeenCalledTimes(2);
    expect(repository.save).toHaveBeenLastCalledWith({ id: 2 });
    expect(repository.save.mock.calls).toEqual([[{ id: 1 }], [{ id: 2 }]]);
  });

  it("goes as deep as it is read", async () => {
    const repository = createMock<Repository>();
    repository.db.users.all.mockResolvedValue([{ id: 1 }]);
    repository.db.users.count.mockReturnValueOnce(7);

    expect(await repository.db.users.all()).toEqual([{ id: 1 }]);
    expect([repository.db.users.count(), repository.db.users.count()]).toEqual([7, undefined]);
    expect(jest.isMockFunction(repository.db.users.all)).toBe(true);
  });

  it("has what it is given, at any depth, and spies beside it", () => {
    const save = jest.fn(() => true);
    const repository = createMock<Repository>({ name: "users", save, db: { users: { count: () => 3 } } });

    expect([repository.name, repository.save({ id: 1 }), repository.db.users.count()]).toEqual(["users", true, 3]);
    expect(save).toHaveBeenCalledWith({ id: 1 });
    expect(jest.isMockFunction(repository.db.users.all)).toBe(true);
  });

  it("is cleared and reset with all other mocks", () => {
    const repository = createMock<Repository>();
    repository.save.mockReturnValue(true);
    repository.save({ id: 1 });
    jest.clearAllMocks();
    expect(repository.save).not.toHaveBeenCalled();
    jest.resetAllMocks();

    expect(repository.save({ id: 1 })).toBeUndefined();
  });

  it("is no promise, no provider with hooks, and can be printed and compared", async () => {
    const repository = createMock<Repository & { onModuleInit?: unknown }>({ name: "users" });

    expect(await Promise.resolve(repository)).toBe(repository);
    expect(repository.onModuleInit).toBeUndefined();
    expect(JSON.stringify(repository)).toBe('{"name":"users"}');
    expect(repository).toEqual({ name: "users" });
    expect(Object.prototype.toString.call(repository)).toBe("[object Object]");
  });

  it("makes its spies as it is told", () => {
    const calls: unknown[][] = [];
    const spy =
      () =>
      (...args: unknown[]): unknown =>
        calls.push(args);
    const repository = createMock<Repository>({}, { spy });
    repository.save({ id: 1 });

    expect(calls).toEqual([[{ id: 1 }]]);
  });
});

describe("autoMock", () => {
  it("passes for an instance of the class, none of whose methods it runs", async () => {
    const users = autoMock<Users>(Users);
    users.find.mockResolvedValue({ id: 5 });

    expect(users).toBeInstanceOf(Users);
    expect(await users.find(1)).toEqual({ id: 5 });
    expect(users.names()).toBeUndefined();
    expect(Object.hasOwn(Users.prototype, "names")).toBe(false);
  });

  it("stands for what has no class", () => {
    const settings = autoMock<{ read(key: string): string }>("settings");
    settings.read.mockReturnValue("x");

    expect(settings.read("y")).toBe("x");
  });
});

describe("the spies of mocks", () => {
  it("are those of the first runner that has some", () => {
    const fn = (): (() => void) => () => undefined;

    expect(findSpyMaker([undefined, {}, { fn }, { fn: jest.fn }])).toBe(fn);
  });

  it("must be named where there is no runner that has some", () => {
    expect(() => findSpyMaker([undefined, {}])).toThrow(expect.objectContaining({ code: "TESTING_NO_SPIES" }));
  });
});
