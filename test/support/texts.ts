import fc from "fast-check";

/** Characters that mean something on the wire, take several bytes there, or are not whole. */
const CHARACTERS = Array.from("0123456789abcxyz/,-_ \"'[]{}:\\\n\r\t\u0000\u001e\u007f\u0080é€\u2028\ufeff🐦").concat(
  "\ud800",
  "\udc00",
);

/** Any text that a wire may have to carry; fast-check's own alphabets take a second to set up. */
export function texts(constraints: Omit<fc.StringConstraints, "unit"> = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: fc.constantFrom(...CHARACTERS) });
}
