/** class-transformer keeps its metadata here and exports it nowhere else. */
declare module "class-transformer/cjs/storage.js" {
  import type { TypeMetadata } from "class-transformer";

  type ByProperty = Map<string | undefined, unknown>;

  export const defaultMetadataStorage: {
    readonly _typeMetadatas: Map<unknown, Map<string, TypeMetadata>>;
    readonly _transformMetadatas: Map<unknown, ByProperty>;
    readonly _exposeMetadatas: Map<unknown, ByProperty>;
    readonly _excludeMetadatas: Map<unknown, ByProperty>;
    findTypeMetadata(type: unknown, property: string): TypeMetadata | undefined;
  };
}
