import cors, { type CorsOptions, type CorsOptionsDelegate } from "cors";
import type { Logger } from "../../common/index.js";
import type { Middleware } from "./middleware.js";

/** Options of the `cors` package, or a function that gives them for each request. */
export type CorsSetting = CorsOptions | CorsOptionsDelegate;

/** Answers preflight requests and adds the headers that let a page of another origin read the responses. */
export function corsMiddleware(setting: CorsSetting): Middleware {
  return cors(setting as CorsOptions);
}

/** Says at the start what would otherwise be found by the wrong people. */
export function warnOfOpenCors(setting: CorsSetting | undefined, logger: Logger): void {
  if (typeof setting !== "object" || setting.credentials !== true || setting.origin !== true) return;
  logger.warn(
    "cors: { origin: true, credentials: true } lets every web site act as the user; name the origins instead",
  );
}
