/** The alias's own types are invisible to ESM; its API is a subset of the newer client's. */
declare module "socket.io-client-3" {
  export { io } from "socket.io-client";
}
