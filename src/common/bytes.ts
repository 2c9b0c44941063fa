/** Bytes in any of the shapes that users send; views share their memory. */
export function toBuffer(bytes: Buffer | ArrayBuffer | ArrayBufferView): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  if (ArrayBuffer.isView(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Buffer.from(bytes);
}
