import type { Class } from "../contracts/class.js";
import type { ModuleMetadata } from "../contracts/module.js";
import { GLOBAL, MODULE } from "../metadata/keys.js";
import { setRecord } from "../metadata/store.js";

/**
 * Groups providers. What a module does not export, no other module can inject; gateways among its providers are found by
 * themselves.
 */
export function Module(metadata: ModuleMetadata = {}): ClassDecorator {
  return (target) => {
    setRecord(MODULE, target as unknown as Class, metadata);
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
