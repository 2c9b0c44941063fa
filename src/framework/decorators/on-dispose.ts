import type { Class } from "../contracts/class.js";
import { DISPOSALS } from "../metadata/keys.js";
import { misplaced } from "../metadata/records.js";
import { ownRecord } from "../metadata/store.js";
import type { MethodKey } from "../metadata/types.js";

/**
 * Runs the method when the instance has served its time: of scope `connection` after the disconnect, of `message` when the
 * handler has settled, of a singleton when the application has closed. It is awaited; what it throws is logged. It
 * takes the place of `Symbol.asyncDispose` and `Symbol.dispose`, which are called otherwise.
 */
export function OnDispose(): MethodDecorator {
  return (target: object, method: MethodKey) => {
    if (typeof target === "function") {
      const where = `the static method ${String(method)} of ${target.name}`;
      throw misplaced("OnDispose", where, "Put it on a method of the instance.");
    }
    ownRecord<MethodKey[]>(DISPOSALS, target.constructor as Class, () => []).push(method);
  };
}
