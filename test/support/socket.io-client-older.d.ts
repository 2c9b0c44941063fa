/** The clients of Socket.IO 1 and 2 have no types; their API is for the most part a subset of the newer client's. */
declare module "socket.io-client-1" {
  import type { io } from "socket.io-client";
  const connect: typeof io;
  export default connect;
}

declare module "socket.io-client-2" {
  export { default } from "socket.io-client-1";
}

declare module "socket.io-client-2.3" {
  export { default } from "socket.io-client-1";
}
