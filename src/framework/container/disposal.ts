import type { Logger } from "../../common/index.js";
import { tokenName, type Class } from "../contracts/class.js";
import { DISPOSALS } from "../metadata/keys.js";
import { recordChain } from "../metadata/store.js";
import type { MethodKey } from "../metadata/types.js";
import { loggable, messageOf } from "../thrown.js";
import type { ProviderNode } from "./provider-node.js";

/** An instance that has to be disposed of. */
export interface DisposableInstance {
  readonly value: object;
  readonly provider: ProviderNode;
}

/** Whether something is to be called when `value` has served its time. Factories return anything: never throws. */
export function isDisposable(value: unknown): value is object {
  try {
    return typeof value === "object" && value !== null && disposalsOf(value).length > 0;
  } catch {
    return false;
  }
}

/**
 * Disposes of instances one after another, the last made first. What they throw is logged, and the others have their turn.
 * Never rejects.
 */
export async function disposeAll(disposables: readonly DisposableInstance[], logger: Logger): Promise<void> {
  for (const { value, provider } of disposables.toReversed()) {
    for (const key of disposalsOf(value)) {
      try {
        await (value as Record<MethodKey, () => unknown>)[key]?.();
      } catch (error) {
        logFailure(logger, `${tokenName(provider.token)}.${String(key)}`, error);
      }
    }
  }
}

/** The methods that `@OnDispose()` marks, those of the most basic class first; else the one that the language knows. */
function disposalsOf(value: object): readonly MethodKey[] {
  const marked = markedMethods(value.constructor);
  if (marked.length > 0) return marked;
  if (typeof (value as Partial<AsyncDisposable>)[Symbol.asyncDispose] === "function") return ASYNC;
  return typeof (value as Partial<Disposable>)[Symbol.dispose] === "function" ? SYNC : NONE;
}

const ASYNC: readonly MethodKey[] = [Symbol.asyncDispose];
const SYNC: readonly MethodKey[] = [Symbol.dispose];
const NONE: readonly MethodKey[] = [];

/** Read once for each class: an instance may be made for every message. */
const markedOf = new WeakMap<object, readonly MethodKey[]>();

function markedMethods(type: unknown): readonly MethodKey[] {
  if (typeof type !== "function") return NONE;
  const known = markedOf.get(type);
  if (known !== undefined) return known;
  const marked = [...new Set(recordChain<MethodKey[]>(DISPOSALS, type as Class).flat())];
  markedOf.set(type, marked);
  return marked;
}

function logFailure(logger: Logger, method: string, error: unknown): void {
  try {
    logger.error(`${method} failed to dispose: ${messageOf(error)}`, { error: loggable(error) });
  } catch {
    // A logger that throws must not keep the rest from being disposed of.
  }
}
