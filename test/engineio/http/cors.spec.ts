import { warnOfOpenCors, type CorsSetting } from "../../../src/engineio/http/cors.js";
import { RecordingLogger } from "../../support/recording-logger.js";

function warnings(setting: CorsSetting | undefined): string[] {
  const log = new RecordingLogger();
  warnOfOpenCors(setting, log);
  return log.lines;
}

describe("warnOfOpenCors", () => {
  it("warns when every origin may send cookies", () => {
    expect(warnings({ origin: true, credentials: true })).toEqual([
      "warn cors: { origin: true, credentials: true } lets every web site act as the user; name the origins instead",
    ]);
  });

  it.each<CorsSetting | undefined>([
    undefined,
    { origin: true },
    { origin: "*", credentials: true },
    { origin: ["https://a.example"], credentials: true },
    (_request, done) => done(null, { origin: true, credentials: true }),
  ])("is silent about %p", (setting) => {
    expect(warnings(setting)).toEqual([]);
  });
});
