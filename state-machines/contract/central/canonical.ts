/**
 * JSON in one spelling, so that two sides that hash the same value get the same digest: RFC 8785 (JSON Canonicalization Scheme).
 *
 * Members are sorted by UTF-16 code units, no space is written, numbers and strings are written as ECMAScript writes them.
 * A member whose value is `undefined` is left out, as JSON.stringify does, so that a value and its parsed copy agree.
 *
 * The hash itself is each side's own (Node, browser): `base64url(SHA-256(UTF-8 of canonicalJson(value)))`.
 *
 * Throws a TypeError for what JSON cannot say (functions, symbols, bigints, non-finite numbers, `undefined` in an array):
 * what is hashed was checked by a schema before, so that is a bug of the caller.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('JSON has no infinite numbers');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
      return canonicalObject(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  const members: string[] = [];
  // The default order of sort() is by UTF-16 code units, which is the order RFC 8785 asks for.
  for (const [name, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
