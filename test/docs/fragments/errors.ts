import { Application, GatewayError, type ModuleImport } from "rookery";

export async function start(AppModule: ModuleImport): Promise<void> {
  try {
    await Application.create(AppModule);
  } catch (error) {
    if (GatewayError.is(error, "GATEWAY_MISSING_PROVIDER")) console.error(error.message, error.mend);
  }
}
