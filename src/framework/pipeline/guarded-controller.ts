import { isThenable } from "../../common/index.js";

type Listener = Parameters<AbortSignal["addEventListener"]>[1];

/**
 * Makes an abort controller whose listeners may throw: the process would end by an error of a plain one's.
 *
 * @param onFailure - gets what they throw or reject with. Must not throw.
 */
export function guardedController(onFailure: (error: unknown) => void): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  const guards = new WeakMap<object, Listener>();
  const guardOf = (listener: Listener): Listener => {
    let guard = guards.get(listener);
    if (guard === undefined) {
      guard = (event: Event) => {
        runGuarded(() => (typeof listener === "function" ? listener(event) : listener.handleEvent(event)), onFailure);
      };
      guards.set(listener, guard);
    }
    return guard;
  };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  // `signal.onabort` goes this way, too.
  signal.addEventListener = (type, listener, options) => {
    add(type, guardOf(listener), options);
  };
  signal.removeEventListener = (type, listener, options) => {
    remove(type, guards.get(listener) ?? listener, options);
  };
  return controller;
}

function runGuarded(run: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const output = run();
    if (isThenable(output)) Promise.resolve(output).catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}
