import type { GivenName } from "./generator.js";

/** The gateway of a resource: Socket.IO's positional arguments, each checked by its type. */
export function resourceGateway({ kebab, pascal, camel }: GivenName): string {
  return `import { Ack, Namespace, OnEvent } from "rookery";
import { Create${pascal}Dto } from "./dto/create-${kebab}.dto.js";
import { Update${pascal}Dto } from "./dto/update-${kebab}.dto.js";
import { ${pascal}Service, type ${pascal} } from "./${kebab}.service.js";

@Namespace("/${kebab}")
export class ${pascal}Gateway {
  constructor(private readonly ${camel}: ${pascal}Service) {}

  @OnEvent("list")
  @Ack()
  list(): readonly ${pascal}[] {
    return this.${camel}.list();
  }

  @OnEvent("get")
  @Ack()
  get(id: number): ${pascal} {
    return this.${camel}.get(id);
  }

  @OnEvent("create")
  @Ack()
  create(dto: Create${pascal}Dto): ${pascal} {
    return this.${camel}.create(dto);
  }

  @OnEvent("update")
  @Ack()
  update(id: number, dto: Update${pascal}Dto): ${pascal} {
    return this.${camel}.update(id, dto);
  }

  @OnEvent("remove")
  @Ack()
  remove(id: number): ${pascal} {
    return this.${camel}.remove(id);
  }
}
`;
}

/** The service of a resource: in memory, with an end. */
export function resourceService({ kebab, pascal }: GivenName): string {
  return `import { GatewayException, Injectable } from "rookery";

export interface ${pascal} {
  readonly id: number;
  readonly title: string;
}

const MAX_ENTRIES = 10_000;

/** Keeps everything in memory: a database takes its place. */
@Injectable()
export class ${pascal}Service {
  readonly #entries = new Map<number, ${pascal}>();
  #count = 0;

  list(): readonly ${pascal}[] {
    return [...this.#entries.values()];
  }

  /** @throws GatewayException \`NOT_FOUND\`, which the client gets as its answer. */
  get(id: number): ${pascal} {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new GatewayException("NOT_FOUND", \`There is no ${kebab} \${id}.\`);
    return entry;
  }

  create({ title }: Omit<${pascal}, "id">): ${pascal} {
    if (this.#entries.size >= MAX_ENTRIES) throw new GatewayException("CONFLICT", "There is no room for more.");
    return this.#keep({ id: ++this.#count, title });
  }

  update(id: number, { title = this.get(id).title }: Partial<Omit<${pascal}, "id">>): ${pascal} {
    return this.#keep({ ...this.get(id), title });
  }

  remove(id: number): ${pascal} {
    const entry = this.get(id);
    this.#entries.delete(id);
    return entry;
  }

  #keep(entry: ${pascal}): ${pascal} {
    this.#entries.set(entry.id, entry);
    return entry;
  }
}
`;
}
