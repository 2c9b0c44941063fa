import type {
  GatewayContract,
  HandlerContract,
  MethodContract,
  ParameterContract,
  PayloadCheck,
} from "../gateway/contract.js";
import { methodLabel } from "../gateway/contract.js";
import type * as DtoModule from "./dto-validator.js";
import { arrayValidator, simpleValidator } from "./simple-validators.js";
import type { Serializer, ValidationOptions, Validator, ValidatorTable } from "./validator.js";

/** Everything that checks what comes in and writes what goes out. */
export interface ValidationTables {
  readonly validators: ValidatorTable;
  readonly serializers: ReadonlyMap<HandlerContract, Serializer>;
}

/**
 * Makes the checks of all gateways. class-validator and class-transformer are loaded only when a DTO class is declared:
 * they take longer to load than everything else.
 *
 * @throws GatewayError `GATEWAY_DTO_WITHOUT_RULES`
 */
export async function compileValidation(
  gateways: readonly GatewayContract[],
  options: ValidationOptions,
): Promise<ValidationTables> {
  const validators = new Map<ParameterContract, Validator>();
  const serializers = new Map<HandlerContract, Serializer>();
  for (const { gateway, handlers, hooks } of gateways) {
    for (const method of new Set<MethodContract>([...handlers, ...hooks])) {
      const label = methodLabel(gateway, method.method);
      for (const place of checkedParameters(method)) {
        const where = `parameter ${method.parameters.indexOf(place.parameter) + 1} of ${label}`;
        const validator = await toValidator({ ...place, where }, options);
        if (validator !== undefined) validators.set(place.parameter, validator);
      }
    }
    for (const handler of handlers) {
      const { type } = handler.ack;
      if (type !== undefined) serializers.set(handler, (await dtoModule()).dtoSerializer(type.value));
    }
  }
  return { validators, serializers };
}

interface CheckedParameter {
  readonly parameter: ParameterContract;
  readonly check: PayloadCheck;
  readonly argument: number | undefined;
}

function checkedParameters({ parameters }: MethodContract): CheckedParameter[] {
  const payloads = parameters.filter((parameter) => parameter.kind === "payload");
  const takesSeveral = payloads.length > 1 || payloads.some(({ isRest }) => isRest);
  return parameters.flatMap((parameter): CheckedParameter[] => {
    if (parameter.kind === "auth") return [{ parameter, check: parameter.check, argument: undefined }];
    if (parameter.kind !== "payload") return [];
    return [{ parameter, check: parameter.check, argument: takesSeveral ? parameter.position : undefined }];
  });
}

async function toValidator(
  { check, argument, where }: CheckedParameter & { readonly where: string },
  options: ValidationOptions,
): Promise<Validator | undefined> {
  const { kind, type, isArray } = check;
  if (type !== undefined) {
    return (await dtoModule()).dtoValidator({ type: type.value, isArray, argument, where }, options);
  }
  if (kind === "dto" || (kind === "any" && !isArray)) return undefined;
  if (kind === "any") return simpleValidator("array", argument);
  return isArray ? arrayValidator(kind, argument) : simpleValidator(kind, argument);
}

function dtoModule(): Promise<typeof DtoModule> {
  return import("./dto-validator.js");
}
