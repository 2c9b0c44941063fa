import { createCookieWriter, type CookieOptions } from "../../../src/engineio/http/cookie.js";

describe("the session's cookie", () => {
  it.each<[setting: true | CookieOptions, cookie: string]>([
    [true, "io=sid; Path=/; HttpOnly; SameSite=Lax"],
    [{}, "io=sid; Path=/; HttpOnly; SameSite=Lax"],
    [{ name: "lb" }, "lb=sid; Path=/; HttpOnly; SameSite=Lax"],
    [{ path: "/chat" }, "io=sid; Path=/chat; HttpOnly; SameSite=Lax"],
    [{ path: false }, "io=sid; HttpOnly; SameSite=Lax"],
    [{ maxAge: 60 }, "io=sid; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"],
    [
      { httpOnly: false, secure: true, sameSite: "none", domain: "a.example" },
      "io=sid; Domain=a.example; Path=/; Secure; SameSite=None",
    ],
  ])("set up with %j is %j", (setting, cookie) => {
    expect(createCookieWriter(setting)?.("sid")).toBe(cookie);
  });

  it.each([false, undefined])("is none with %j", (setting) => {
    expect(createCookieWriter(setting)).toBeUndefined();
  });

  it.each<CookieOptions>([
    { name: "a;b" },
    { name: "a\nb" },
    { name: "" },
    { path: "/;Domain=evil.example" },
    { path: "/\r\nX: 1" },
    { domain: "a b" },
    { maxAge: 1.5 },
    { sameSite: "sometimes" as "lax" },
  ])("refuses %j at the start", (setting) => {
    expect(() => createCookieWriter(setting)).toThrow(
      expect.objectContaining({
        code: "ENGINE_BAD_OPTION",
        message: expect.stringMatching(
          /^option cookie is unusable \(.+\), expected a valid cookie name and attributes$/s,
        ),
      }),
    );
  });
});
