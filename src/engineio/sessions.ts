import type { EngineSocket } from "./socket.js";

/** Sessions by id as an object, engine.io's `clients`: a view, so that no session is kept twice. */
export function recordOf(sessions: ReadonlyMap<string, EngineSocket>): Readonly<Record<string, EngineSocket>> {
  const of = (id: string | symbol): EngineSocket | undefined => sessions.get(id as string);
  return new Proxy(Object.create(null) as Record<string, EngineSocket>, {
    get: (_target, id) => of(id),
    has: (_target, id) => of(id) !== undefined,
    ownKeys: () => [...sessions.keys()],
    getOwnPropertyDescriptor: (_target, id) => {
      const value = of(id);
      return value && { value, enumerable: true, configurable: true };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}
