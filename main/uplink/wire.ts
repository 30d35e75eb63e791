import type { AxiosInstance, AxiosResponse } from 'axios';
import { isAxiosError } from 'axios';
import type { z } from 'zod';
import type { Endpoint } from '../../state-machines/contract/central/envelope.ts';
import { problemSchema } from '../../state-machines/contract/central/envelope.ts';
import { readBy } from '../../state-machines/contract/read.ts';
import type { CallFailure, CallResult } from './call-result.ts';

/** A Retry-After beyond this is taken for this. */
const maxRetryAfterMs = 10 * 60_000;

/** A call as the wire sees it: what the typed options come down to. */
export type WireRequest = { params?: unknown; body?: unknown; grant?: string; key?: string; trace?: string };

/** Everything a call carries beside its path and body. */
export function headersOf(request: WireRequest, bearer: string | null): Record<string, string> {
  return {
    Accept: 'application/json, application/problem+json',
    ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
    ...(request.grant === undefined ? {} : { 'Visit-Grant': request.grant }),
    ...(request.key === undefined ? {} : { 'Idempotency-Key': request.key }),
    ...(request.trace === undefined ? {} : { 'Trace-Id': request.trace }),
  };
}

/** The path with its parameters in their places. */
export function pathOf(endpoint: Endpoint, params: unknown): string {
  const values = (params ?? {}) as Record<string, string>;
  return endpoint.path.replaceAll(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

/** One HTTP exchange; what the wire does wrong comes back as a value. */
export async function send(
  http: AxiosInstance,
  request: {
    method: 'GET' | 'POST';
    url: string;
    body: unknown;
    headers: Record<string, string>;
    signal: AbortSignal;
  },
): Promise<{ ok: true; response: AxiosResponse<string> } | CallFailure> {
  try {
    const response = await http.request<string>({
      method: request.method,
      url: request.url,
      headers: request.headers,
      signal: request.signal,
      ...(request.body === undefined ? {} : { data: JSON.stringify(request.body) }),
    });
    return { ok: true, response };
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    if (error.code === 'ERR_CANCELED') return { ok: false, reason: 'cancelled', detail: 'aborted' };
    if (error.message.startsWith('maxContentLength')) {
      return { ok: false, reason: 'nonsense', detail: 'the answer is longer than any answer may be' };
    }
    if (brokenOffCodes.includes(error.code ?? '')) {
      return { ok: false, reason: 'unreachable', detail: error.code ?? '', brokenOff: true };
    }
    const timedOut = error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT';
    return { ok: false, reason: timedOut ? 'timeout' : 'unreachable', detail: error.code ?? 'no code' };
  }
}

/** `ERR_BAD_RESPONSE` is axios's word for an answer that ended before its end. */
const brokenOffCodes: readonly string[] = ['ECONNRESET', 'EPIPE', 'ERR_BAD_RESPONSE'];

/** What an HTTP answer means. */
export function read(endpoint: Endpoint, response: AxiosResponse<string>, nowMs: number): CallResult<unknown> {
  const json = parseJson(response.data);
  if (response.status >= 200 && response.status < 300) {
    const parsed = readBy(endpoint.answer, json);
    return parsed.success
      ? { ok: true, answer: parsed.data }
      : { ok: false, reason: 'nonsense', detail: `${endpoint.path}: ${fieldsOf(parsed.error)}` };
  }
  const parsed = readBy(problemSchema, json);
  const problem = parsed.success ? { problem: parsed.data } : {};
  const detail = `${endpoint.path}: ${response.status}`;
  const retryAfterMs = readRetryAfter(response.headers['retry-after'], nowMs);
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  if (response.status === 429) return { ok: false, reason: 'too-many', detail, ...problem, ...wait };
  if (response.status >= 500) return { ok: false, reason: 'unavailable', detail, ...problem, ...wait };
  // A refusal that does not speak the contract comes from something between kiosk and centre.
  if (response.status >= 400 && parsed.success) return { ok: false, reason: 'refused', detail, ...problem };
  return { ok: false, reason: 'nonsense', detail };
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the fields that do not fit, never their values. */
export function fieldsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || '(all)'} ${issue.code}`)
    .join(', ');
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Null where there is none or it cannot be read. */
export function readRetryAfter(header: unknown, nowMs: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), maxRetryAfterMs);
}
