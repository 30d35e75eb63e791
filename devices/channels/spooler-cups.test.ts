/** What CUPS never says by itself: nonsense, slow bytes, broken wires. The whole of it is tried on a real CUPS in fixtures/. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CupsSpooler } from './spooler-cups.ts';

const call = { timeoutMs: 2_000 };
let server: Server;
let answer: (response: ServerResponse, request: Buffer) => void;
let asked: Buffer[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(Buffer.concat(chunks));
      answer(response, Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function spooler(): CupsSpooler {
  const { port } = server.address() as AddressInfo;
  return new CupsSpooler({ queue: 'hall', server: { host: '127.0.0.1', port }, user: 'kiosk' });
}

/** An IPP answer to the request, with the status and the hex of its groups. */
function ipp(request: Buffer, status: number, groups = ''): Buffer {
  const head = Buffer.from([2, 0, status >> 8, status & 0xff]);
  return Buffer.concat([head, request.subarray(4, 8), Buffer.from(`${groups}03`, 'hex')]);
}

/** One attribute in hex: tag, name, value. */
function attribute(tag: string, name: string, value: string): string {
  const text = Buffer.from(name, 'utf8');
  const length = (bytes: number) => bytes.toString(16).padStart(4, '0');
  return `${tag}${length(text.length)}${text.toString('hex')}${length(value.length / 2)}${value}`;
}

const idle = `04${attribute('23', 'printer-state', '00000003')}`;

describe('CUPS as it should not be', () => {
  it('is garbled when it answers something else than IPP', async () => {
    answer = (response) => response.end('<html>');
    expect(await spooler().printer(call)).toMatchObject({ ok: false, reason: 'garbled' });
  });

  it('is garbled when it answers half a message', async () => {
    answer = (response, request) => response.end(ipp(request, 0, idle).subarray(0, -3));
    expect(await spooler().printer(call)).toMatchObject({ ok: false, reason: 'garbled' });
  });

  it('is garbled when it answers another request', async () => {
    answer = (response) => response.end(ipp(Buffer.from('0101000b0000ffff', 'hex'), 0, idle));
    expect(await spooler().printer(call)).toMatchObject({ ok: false, reason: 'garbled' });
  });

  it('is garbled when its answer has no end', async () => {
    answer = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect(await spooler().printer(call)).toMatchObject({ ok: false, reason: 'garbled' });
  });

  it('times out when it never answers, and ends by signal before', async () => {
    answer = () => undefined;
    expect(await spooler().printer({ timeoutMs: 50 })).toMatchObject({ ok: false, reason: 'timed-out' });
    const abort = new AbortController();
    const pending = spooler().printer({ ...call, signal: abort.signal });
    abort.abort();
    expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
  });

  it('is understood when its bytes come one by one', async () => {
    answer = async (response, request) => {
      for (const byte of ipp(request, 0, idle)) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    };
    expect(await spooler().printer(call)).toMatchObject({ ok: true, value: { state: 'idle', reasons: [] } });
  });

  it('is unreachable when nobody listens, so that nothing was handed over', async () => {
    const lonely = spooler();
    await new Promise((resolve) => server.close(resolve));
    const submission = { pdf: Buffer.from('%PDF-'), name: 'certificate-1', pages: 1, copies: 1 };
    expect(await lonely.submit(submission, call)).toMatchObject({ ok: false, reason: 'unreachable' });
  });

  it('is unsure when the wire breaks after the document was handed over', async () => {
    answer = (response) => response.destroy();
    const submission = { pdf: Buffer.from('%PDF-'), name: 'certificate-1', pages: 1, copies: 1 };
    expect(await spooler().submit(submission, call)).toMatchObject({ ok: false, reason: 'unsure' });
  });

  it('is unsure when it takes a document and gives no number for it', async () => {
    answer = (response, request) => response.end(ipp(request, 0));
    const submission = { pdf: Buffer.from('%PDF-'), name: 'certificate-1', pages: 1, copies: 1 };
    expect(await spooler().submit(submission, call)).toMatchObject({ ok: false, reason: 'unsure' });
  });

  it.each([
    [0x0406, 'unknown-printer'],
    [0x0506, 'refused'],
    [0x0503, 'refused'],
  ])('refuses a document with status %i as %s', async (status, reason) => {
    answer = (response, request) => response.end(ipp(request, status));
    const submission = { pdf: Buffer.from('%PDF-'), name: 'certificate-1', pages: 1, copies: 1 };
    expect(await spooler().submit(submission, call)).toMatchObject({ ok: false, reason });
  });

  it('is garbled when a job has no state', async () => {
    answer = (response, request) => response.end(ipp(request, 0, `02${attribute('21', 'job-id', '00000007')}`));
    expect(await spooler().job('7', call)).toMatchObject({ ok: false, reason: 'garbled' });
  });

  it('tells the queue’s own reasons and supplies where the printer cannot be asked', async () => {
    const text = (value: string) => Buffer.from(value, 'utf8').toString('hex');
    const groups = [
      '04',
      attribute('23', 'printer-state', '00000005'),
      attribute('44', 'printer-state-reasons', text('media-jam-error')),
      attribute('45', 'device-uri', text('usb://HP/LaserJet')),
      attribute('42', 'marker-names', text('Black')),
      attribute('44', 'marker-types', text('toner')),
      attribute('21', 'marker-levels', '0000002a'),
    ].join('');
    answer = (response, request) => response.end(ipp(request, 0, groups));
    expect(await spooler().printer(call)).toEqual({
      ok: true,
      value: {
        state: 'stopped',
        isAccepting: true,
        reasons: ['media-jam-error'],
        supplies: [{ name: 'Black', kind: 'toner', levelPercent: 42 }],
        model: '',
      },
    });
  });

  it('tells of a printer behind it that does not answer that it is offline, whatever CUPS remembers', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const text = (value: string) => Buffer.from(value, 'utf8').toString('hex');
    const groups = idle + attribute('45', 'device-uri', text(`ipp://127.0.0.1:${port}/ipp/print`));
    answer = (response, request) => response.end(ipp(request, 0, groups));
    expect(await spooler().printer(call)).toMatchObject({ ok: true, value: { reasons: ['offline'] } });
  });

  it('is told who asks and for which job, before what is asked', async () => {
    answer = (response, request) => response.end(ipp(request, 0x0406));
    expect(await spooler().purge('7', call)).toEqual({ ok: true, value: null });
    const text = asked[0]?.toString('latin1') ?? '';
    const order = ['printer-uri', 'job-id', 'requesting-user-name', 'kiosk', 'purge-job'].map((word) =>
      text.indexOf(word),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order[0]).toBeGreaterThan(0);
  });
});
