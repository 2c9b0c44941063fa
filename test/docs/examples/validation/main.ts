// main.ts
import { IsInt, IsString } from "class-validator";
import { Ack, Application, Module, Namespace, OnEvent, Payload, Validation, type ApplicationOptions } from "rookery";

class Row {
  @IsString() name!: string;
  @IsInt({ groups: ["admin"] }) salary?: number;
}

@Namespace("/admin")
@Validation({ groups: ["admin"], always: true })
class AdminGateway {
  @OnEvent("import")
  @Ack()
  @Validation({ maxIssues: 1_000 })
  import(@Payload(() => [Row]) rows: Row[]): number {
    return rows.length;
  }
}

@Module({ providers: [AdminGateway] })
class AppModule {}

export async function start(options: ApplicationOptions): Promise<Application> {
  return Application.create(AppModule, { ...options, validation: { forbidNonWhitelisted: true } });
}
