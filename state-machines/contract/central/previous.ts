/**
 * Where the contract's previous version (1) differs from the present one. A centre serves both, so that a fleet updates over weeks: the paths are
 * the same but for `/v1/`, and everything not named here is as it is now. When the next version comes, this file is written anew.
 *
 * Version 1 had no marks in assertions, no `openEpoch`, no commands (`deliverLog`, `reports`, `commands`), no supplies, no health of the store, no `fetchChanges`, no faces, no PIN pads, no third
 * parties, and no rows by a card alone. What version 1 sends is still of the present schemas; what it gets is told here.
 */
import { z } from 'zod';
import type { Endpoint, Problem } from './envelope.ts';
import { centralContract, instantSchema, previousContract } from './envelope.ts';
import { type EndpointName, endpoints } from './index.ts';

/** Calls version 1 did not have. */
const unknownThen: ReadonlySet<EndpointName> = new Set([
  'openEpoch',
  'deliverLog',
  'fetchChanges',
  'proveFace',
  'provePin',
  'fetchThirdParties',
  'beginThirdParty',
  'proveThirdParty',
]);

/** An endpoint as version 1 has it, or null where it has none. */
export function previousEndpoint(name: EndpointName): Endpoint | null {
  if (unknownThen.has(name)) return null;
  const now: Endpoint = endpoints[name];
  const path: Endpoint['path'] = `/v${previousContract}/${now.path.slice(`/v${centralContract}/`.length)}`;
  if (name !== 'heartbeat') return { ...now, path };
  const { nowMs, version, state, queue, devices } = endpoints.heartbeat.body.shape;
  const body = z.strictObject({ nowMs, version, state, queue: queue.unwrap(), devices });
  return { ...now, path, body, answer: z.object({ nowMs: instantSchema }) };
}

/** The word version 1 has for a problem. */
export function previousProblemCode(code: Problem['code']): Exclude<Problem['code'], 'not-this-epoch'> {
  return code === 'not-this-epoch' ? 'not-authenticated' : code;
}
