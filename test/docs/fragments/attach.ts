import type { Application } from "rookery";

export async function listenSomewhere(app: Application, { key, cert }: Record<"key" | "cert", string>): Promise<void> {
  await app.listen(3000); // every address of the machine
  await app.listen(process.env.PORT ?? 3000); // text will do
  await app.listen(0, "127.0.0.1"); // any free port: app.address().port
  await app.listen("/run/app.sock"); // a Unix socket: a path has a slash
  await app.listen({ port: 443, tls: { key, cert } }); // https and wss
}
