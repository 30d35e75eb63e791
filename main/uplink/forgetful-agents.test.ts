import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import axios from 'axios';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ForgetfulHttpAgent } from './forgetful-agents.ts';

const server = createServer((request, response) => {
  request.resume().once('end', () => response.end('taken'));
});
const agent = new ForgetfulHttpAgent({});
beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  agent.destroy();
  server.close();
});

/** Node's own listeners on a connection share these options for as long as it is open. */
it('keeps nothing of the request that opened a connection which stays open', async () => {
  const kept: object[] = [];
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    kept.push(options);
    return connect(options, done);
  };
  const { port } = server.address() as AddressInfo;
  const answer = await axios.post<string>(`http://127.0.0.1:${port}/requests`, '{"idNumber":"890101197801011234"}', {
    httpAgent: agent,
    headers: { 'Visit-Grant': 'the-grant-of-a-visit' },
  });
  expect(answer.data).toBe('taken');
  const idle: Socket[] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
  expect(idle).toHaveLength(1);
  const written = kept.flatMap((options) => valuesWithin(options)).join('\n');
  expect(written).toContain('127.0.0.1');
  expect(written).not.toMatch(/the-grant-of-a-visit|890101197801011234/);
});

/** Every string in an object and in what it holds, as far as plain objects go. */
function valuesWithin(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.values(value).flatMap((inner) => valuesWithin(inner, seen));
}
