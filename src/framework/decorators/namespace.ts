import type { Class } from "../contracts/class.js";
import { gatewayRecord } from "../metadata/records.js";

/**
 * Makes a class a gateway: its handlers serve the clients of that Socket.IO namespace. Several gateways may share one.
 *
 * @param pattern - the namespace's name; a leading `/` is added when missing. Default: `"/"`.
 */
export function Namespace(pattern = "/"): ClassDecorator {
  return (target) => {
    gatewayRecord(target as unknown as Class).namespace = { pattern };
  };
}
