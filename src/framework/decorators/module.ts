import type { Class } from "../contracts/class.js";
import type { ModuleMetadata } from "../contracts/module.js";
import { GLOBAL, MODULE } from "../metadata/keys.js";
import { callerOf } from "../metadata/source-place.js";
import { setRecord } from "../metadata/store.js";
import type { ModuleRecord } from "../metadata/types.js";

/**
 * Groups providers. What a module does not export, no other module can inject; gateways among its providers are found by
 * themselves.
 */
export function Module(metadata: ModuleMetadata = {}): ClassDecorator {
  const place = callerOf(Module);
  return (target) => {
    place.describe({ decorator: "Module", owner: target.name, member: undefined });
    setRecord(MODULE, target as unknown as Class, { metadata, place } satisfies ModuleRecord);
  };
}

/**
 * On a module: every module sees its exports without importing it. The application must import it once, anywhere. What
 * a module provides or imports by itself comes before what is global.
 */
export function Global(): ClassDecorator {
  return (target) => {
    setRecord(GLOBAL, target as unknown as Class, true);
  };
}
