/** What a device said, as lines for a technician. Nothing personal is written out unless that is asked for. */

/** Words of the code itself, and dates and numbers of devices: they belong to nobody. Everything else is masked. */
const impersonal: ReadonlySet<string> = new Set([
  'kind',
  'cause',
  'remedy',
  'reason',
  'detail',
  'device',
  'media',
  'paper',
  'toner',
  'cover',
  'interface',
  'specification',
  'model',
  'features',
  'missing',
  'application',
  'state',
  'flaw',
  'command',
  'answer',
  'meaning',
  'record',
  'position',
  'result',
  'key',
  'proximity',
  'door',
  'colour',
  'body',
  'algorithm',
  'format',
  'serialNumber',
  'samNumber',
  'encoding',
  'track',
  'printer',
  'reasons',
  'status',
  'event',
  'refusal',
  'failure',
]);

/** Lines `name: value`, what lies deeper is named by its way, e.g. `validUntil.date`. Bytes are only counted. */
export function inWords(value: unknown, reveal: boolean, name = ''): string[] {
  if (value === null || value === undefined) return name === '' ? [] : [`${name}: -`];
  if (value instanceof Uint8Array) return [`${name}: ${value.length} bytes`];
  if (Array.isArray(value)) {
    const isPlain = value.every((one) => typeof one !== 'object');
    if (isPlain) return [`${name}: ${value.map((one) => shown(one, name, reveal)).join(', ') || '-'}`];
    return value.flatMap((one, at) => inWords(one, reveal, `${name}[${at}]`));
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, part]) => inWords(part, reveal, name === '' ? key : `${name}.${key}`));
  }
  return [`${name}: ${shown(value, name, reveal)}`];
}

function shown(value: unknown, name: string, reveal: boolean): string {
  if (typeof value !== 'string') return String(value);
  const last =
    name
      .split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? name;
  return reveal || impersonal.has(last) ? value : masked(value);
}

/** The first character, and of long texts the last two: enough to tell which card lies there. */
export function masked(text: string): string {
  const characters = [...text];
  if (characters.length <= 1) return '*'.repeat(characters.length);
  const tail = characters.length >= 8 ? characters.slice(-2).join('') : '';
  return `${characters[0]}${'*'.repeat(characters.length - 1 - tail.length)}${tail}`;
}
