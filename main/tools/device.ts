/**
 * `npm run device -- <id> status|read|print|reset` drives one configured device by hand; `npm run device -- <id or kind> decode <hex>` turns
 * captured bytes into words, without hardware (`-` reads them from standard input).
 *
 * `--config FILE` names the configuration, else `KIOSK_CONFIG`, else `kiosk.json`. Personal data is masked; `--reveal` writes it out.
 * Exit code 0: it went well; 1: it did not; 2: the command was not understood.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { deviceConfigSchema } from '../../devices/device-config.ts';
import { readConfig } from '../config.ts';
import { receiptFonts } from '../receipt-fonts.ts';
import { type Capture, decodeCapture } from './decode-capture.ts';
import { driveCommands, driveDevice } from './drive-device.ts';

const usage = [
  'npm run device -- <id> status|read|print|reset [--config FILE] [--reveal]',
  'npm run device -- <id or kind> decode <hex, or - for standard input>',
].join('\n');
const whichConfig =
  'name the file by --config FILE or KIOSK_CONFIG; that of `npm start` is .data/kiosk.json, and npm start is ended first';

const options = {
  config: { type: 'string' },
  reveal: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

process.exitCode = await main();
// hidapi, PC/SC and serial drivers keep threads of their own; nothing is under way any more.
process.exit();

async function main(): Promise<number> {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (fault) {
    return misunderstood(fault instanceof Error ? fault.message : String(fault));
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [named, command, ...rest] = positionals;
  if (named === 'decode') return misunderstood('decode wants the device, or its kind, before it');
  if (named === undefined || command === undefined) return misunderstood('which device, and what about it?');
  const read = readConfig(resolve(values.config ?? process.env.KIOSK_CONFIG ?? 'kiosk.json'));
  const config = read.ok ? read.config.devices.find(({ id }) => id === named) : undefined;
  if (command === 'decode') {
    const kind = deviceConfigSchema.options.map(({ shape }) => shape.kind.value).find((one) => one === named);
    const capture: Capture | undefined =
      config === undefined ? kind && { kind } : { kind: config.kind, wire: config.wire.kind };
    if (capture === undefined) return misunderstood(`no device and no kind is called ${named}`);
    const text = rest.join(' ') === '-' ? readFileSync(0, 'utf8') : rest.join(' ');
    const decoded = decodeCapture(capture, text, values.reveal);
    console.log(decoded.ok ? decoded.lines.join('\n') : decoded.detail);
    return decoded.ok ? 0 : 1;
  }
  const drive = driveCommands.find((one) => one === command);
  if (drive === undefined) return misunderstood(`there is no ${command}`);
  if (!read.ok) {
    const hint = read.reason === 'unreadable' ? `\n${whichConfig}` : '';
    return misunderstood(`the configuration cannot be read: ${read.reason}: ${read.detail}${hint}`);
  }
  if (config === undefined) {
    return misunderstood(
      `no device is called ${named}; there are: ${read.config.devices.map(({ id }) => id).join(', ') || 'none'}`,
    );
  }
  const isWell = await driveDevice(config, drive, {
    say: (line) => console.log(line),
    reveal: values.reveal,
    when: new Date().toLocaleString('sv-SE', { timeZone: read.config.timeZone }),
    parts: { fonts: receiptFonts },
  });
  return isWell ? 0 : 1;
}

function misunderstood(why: string): number {
  console.error(`${why}\n${usage}`);
  return 2;
}
