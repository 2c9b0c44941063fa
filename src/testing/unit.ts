import type { ApplicationOptions, Class, ModuleMetadata } from "../framework/index.js";
import type { AnswerOf, InvokeOptions, MethodName } from "./invoke.js";
import { TestingModuleBuilder } from "./testing-module.js";

/** Who calls, and what the gateway's guards, pipes, interceptors and filters need. */
export interface UnitOptions extends InvokeOptions, Pick<ModuleMetadata, "imports" | "providers"> {
  /** Options of the application around the gateway, such as `validation`. */
  readonly application?: ApplicationOptions;
}

/**
 * Runs one method of a gateway that the test has made, through all that stands around it, without an application:
 * `TestingApplication.invoke` for one call. The gateway's own hooks of start and end do not run.
 *
 * @param gateway - an instance, such as `new ChatGateway(createMock())`.
 * @param args - arguments of the event, as a client would send them; of a disconnect hook its reason.
 * @returns what a client would get as the acknowledgement: `undefined` when the method has no `@Ack()`.
 * @throws AckError; GatewayError for a gateway that could not start
 */
export async function invoke<Gateway extends object, Name extends MethodName<Gateway>>(
  gateway: Gateway,
  method: Name,
  args: readonly unknown[] = [],
  { imports = [], providers = [], application = {}, ...options }: UnitOptions = {},
): Promise<AnswerOf<Gateway, Name>> {
  const type = gateway.constructor as Class<Gateway>;
  const own = { provide: type, useValue: gateway };
  const builder = new TestingModuleBuilder({ imports, providers: [own, ...providers] }, application);
  await using app = await builder.compileUnit();
  return await app.invoke(type, method, args, options);
}
