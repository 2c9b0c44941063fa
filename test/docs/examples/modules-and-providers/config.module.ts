// config.module.ts
import { Global, Module } from "rookery";

export interface Config {
  readonly mailFrom: string;
  readonly limit: number;
}

@Global()
@Module({
  providers: [
    // Made once, before anything that asks for it; it may be asynchronous.
    { provide: "config", useFactory: async (): Promise<Config> => Promise.resolve({ mailFrom: "shop", limit: 2 }) },
  ],
  exports: ["config"],
})
export class ConfigModule {}
