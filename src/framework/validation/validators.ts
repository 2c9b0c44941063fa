import type {
  GatewayContract,
  HandlerContract,
  MethodContract,
  ParameterContract,
  PayloadCheck,
} from "../gateway/contract.js";
import { methodLabel, parameterLabel } from "../gateway/contract.js";
import { GatewayError } from "../errors.js";
import type { Problems } from "../problems.js";
import type * as DtoModule from "./dto-validator.js";
import { arrayValidator, simpleValidator } from "./simple-validators.js";
import { schemaSerializer, schemaValidator } from "./standard-schema.js";
import type { ValidationOptions } from "./options.js";
import type { Serializer, Validator, ValidatorTable } from "./validator.js";

/** Everything that checks what comes in and writes what goes out. */
export interface ValidationTables {
  readonly validators: ValidatorTable;
  readonly serializers: ReadonlyMap<HandlerContract, Serializer>;
}

/**
 * Makes the checks of all gateways. class-validator and class-transformer are loaded only when a DTO class is declared:
 * they take longer to load than everything else.
 *
 * @param problems - gets `GATEWAY_DTO_WITHOUT_RULES` of each parameter.
 */
export async function compileValidation(
  gateways: readonly GatewayContract[],
  options: ValidationOptions,
  problems: Problems,
): Promise<ValidationTables> {
  problems.try(() => checkLimits(options));
  const validators = new Map<ParameterContract, Validator>();
  const serializers = new Map<HandlerContract, Serializer>();
  for (const gateway of gateways) {
    const { handlers, hooks } = gateway;
    for (const method of new Set<MethodContract>([...handlers, ...hooks])) {
      for (const place of checkedParameters(method)) {
        const where = parameterLabel(gateway, method, method.parameters.indexOf(place.parameter));
        const own = { ...options, ...gateway.validation, ...method.validation };
        const validator = await problems.tryAsync(() => toValidator({ ...place, where }, own));
        if (validator !== undefined) validators.set(place.parameter, validator);
      }
    }
    for (const handler of handlers) {
      const { type, schema, isArray } = handler.ack;
      if (schema !== undefined) {
        const where = methodLabel(gateway.gateway, handler.method);
        serializers.set(handler, schemaSerializer({ schema: schema.value, isArray, where }));
      } else if (type !== undefined) serializers.set(handler, (await dtoModule()).dtoSerializer(type.value));
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
  const { kind, type, schema, isArray } = check;
  if (schema !== undefined) return schemaValidator({ schema: schema.value, isArray, argument }, options);
  if (type !== undefined) {
    return (await dtoModule()).dtoValidator({ type: type.value, isArray, argument, where }, options);
  }
  if (kind === "dto" || kind === "schema" || (kind === "any" && !isArray)) return undefined;
  if (kind === "any") return simpleValidator("array", argument);
  return isArray ? arrayValidator(kind, argument) : simpleValidator(kind, argument);
}

function checkLimits({ maxIssues = 1, maxMessageLength = 1 }: ValidationOptions): void {
  for (const [option, value] of Object.entries({ maxIssues, maxMessageLength })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new GatewayError("GATEWAY_BAD_OPTION", {
      values: { option: `validation.${option}`, value: String(value), expected: "a whole number of 1 or more" },
    });
  }
}

function dtoModule(): Promise<typeof DtoModule> {
  return import("./dto-validator.js");
}
