import type { Generator, GivenName } from "./generator.js";
import { resourceGateway, resourceService } from "./resource-classes.js";
import { resourceGatewaySpec, resourceServiceSpec } from "./resource-specs.js";

/** `rookery generate resource`. */
export const resourceGenerator: Generator = {
  kind: "resource",
  summary: "a gateway with list, get, create, update and remove, its DTOs, service, module and specs",
  dependencies: ["class-transformer", "class-validator"],
  files: (name) => [
    { path: `${name.kebab}.module.ts`, content: module(name) },
    { path: `${name.kebab}.gateway.ts`, content: resourceGateway(name) },
    { path: `${name.kebab}.gateway.spec.ts`, content: resourceGatewaySpec(name) },
    { path: `${name.kebab}.service.ts`, content: resourceService(name) },
    { path: `${name.kebab}.service.spec.ts`, content: resourceServiceSpec(name) },
    { path: `dto/create-${name.kebab}.dto.ts`, content: createDto(name) },
    { path: `dto/update-${name.kebab}.dto.ts`, content: updateDto(name) },
  ],
  registration: ({ kebab, pascal }) => ({ list: "imports", className: `${pascal}Module`, path: `${kebab}.module.ts` }),
};

function module({ kebab, pascal }: GivenName): string {
  return `import { Module } from "rookery";
import { ${pascal}Gateway } from "./${kebab}.gateway.js";
import { ${pascal}Service } from "./${kebab}.service.js";

@Module({ providers: [${pascal}Gateway, ${pascal}Service] })
export class ${pascal}Module {}
`;
}

function createDto({ pascal }: GivenName): string {
  return `import { IsString, Length } from "class-validator";

/** What \`create\` takes. */
export class Create${pascal}Dto {
  @IsString()
  @Length(1, 100)
  title!: string;
}
`;
}

function updateDto({ pascal }: GivenName): string {
  return `import { IsOptional, IsString, Length } from "class-validator";

/** What \`update\` takes: what is left out stays as it is. */
export class Update${pascal}Dto {
  @IsOptional()
  @IsString()
  @Length(1, 100)
  title?: string;
}
`;
}
