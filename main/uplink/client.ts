import axios from 'axios';
import type { z } from 'zod';
import { longestEdition } from '../../state-machines/contract/central/catalogue.ts';
import type { Endpoint } from '../../state-machines/contract/central/envelope.ts';
import type { EndpointName } from '../../state-machines/contract/central/index.ts';
import { endpoints } from '../../state-machines/contract/central/index.ts';
import type { QueryAnswer, QueryName } from '../../state-machines/contract/central/queries.ts';
import { queries } from '../../state-machines/contract/central/queries.ts';
import { readBy } from '../../state-machines/contract/read.ts';
import { uuid7 } from '../store/uuid.ts';
import type { Random } from '../store/vault.ts';
import type { CallResult } from './call-result.ts';
import type { Clock } from './clock.ts';
import { unlessAborted, withDeadline } from './deadline.ts';
import { ForgetfulHttpAgent, ForgetfulHttpsAgent } from './forgetful-agents.ts';
import type { Identity } from './identity.ts';
import type { MarkKeeper } from './marks.ts';
import type { WireRequest } from './wire.ts';
import { fieldsOf, headersOf, pathOf, read, send } from './wire.ts';

export type { CallFailure, CallResult } from './call-result.ts';

type Endpoints = typeof endpoints;
export type Answer<N extends EndpointName> = z.infer<Endpoints[N]['answer']>;

type Params<E> = E extends { params: infer P extends z.ZodType } ? { params: z.infer<P> } : unknown;
type Body<E> = E extends { body: infer B extends z.ZodType } ? { body: z.infer<B> } : unknown;
type Grant<E> = E extends { access: 'visit' } ? { grant: string } : { grant?: string };
type Key<E> = E extends { keyed: true } ? { key: string } : unknown;

/** What a call is made with: as much as its endpoint asks for. `timeoutMs` covers everything, the token included. */
export type CallOptions<N extends EndpointName> = Params<Endpoints[N]> &
  Body<Endpoints[N]> &
  Grant<Endpoints[N]> &
  Key<Endpoints[N]> & { trace?: string; timeoutMs?: number; signal?: AbortSignal };

export type CentralClient = {
  call<N extends EndpointName>(name: N, options: CallOptions<N>): Promise<CallResult<Answer<N>>>;
  /** {@link call} of `query`, its answer checked by the schema of its name. */
  query<N extends QueryName>(
    name: N,
    options: { grant?: string; trace?: string; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<CallResult<QueryAnswer<N>>>;
  /** Told of every call that ended, except those its caller cancelled: the line's state comes from these. */
  onOutcome(listener: (outcome: CallResult<unknown>) => void): () => void;
  /** The centre's clock less the kiosk's, in milliseconds, as last heard; null before. */
  clockOffsetMs(): number | null;
  /** Drops the access token and closes idle connections. */
  close(): void;
};

export type ClientOptions = {
  /** `https://…`; plain `http` on this machine only. */
  baseUrl: string;
  identity: Identity;
  clock: Clock;
  random: Random;
  /** Where the marks by which the centre tells this kiosk from its copy are kept; a kiosk without sends none. */
  marks?: MarkKeeper;
  /** PEM of the authority the centre's certificate must come from; the system's own are not asked then. */
  certificateAuthority?: string;
  timeoutMs?: number;
};

const defaultTimeoutMs = 10_000;
/** The longest answer is an edition of the catalogue, which is ASCII, in its JSON. */
const maxAnswerBytes = longestEdition + 1_024;
const maxBodyBytes = 4 * 1024 * 1024;
/** A token is not used in its last seconds, so that it does not run out on the way. */
const tokenMarginMs = 15_000;

/** Whether the kiosk may speak to this address: TLS, or its own machine. */
export function isPermittedAddress(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

/** The kiosk's side of `contract/central`: one typed call an endpoint, every answer checked, every failure a value. */
export function createCentralClient(options: ClientOptions): CentralClient {
  const { baseUrl, identity, clock, random } = options;
  if (!isPermittedAddress(baseUrl)) throw new Error('the centre is reached by TLS, or on this machine');
  const agents = {
    httpAgent: new ForgetfulHttpAgent({}),
    httpsAgent: new ForgetfulHttpsAgent({
      minVersion: 'TLSv1.2',
      ...(options.certificateAuthority === undefined ? {} : { ca: options.certificateAuthority }),
    }),
  };
  const http = axios.create({
    baseURL: baseUrl,
    ...agents,
    adapter: 'http',
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxBodyBytes,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  });
  const listeners = new Set<(outcome: CallResult<unknown>) => void>();
  let token: { value: string; goodUntilMs: number } | null = null;
  let tokenUnderWay: Promise<CallResult<string>> | null = null;
  let offsetMs: number | null = null;

  /** One exchange on the wire, without tokens and without a second try. */
  async function exchange(
    name: EndpointName,
    request: WireRequest,
    signal: AbortSignal,
    bearer: string | null,
  ): Promise<CallResult<unknown>> {
    const endpoint: Endpoint = endpoints[name];
    const sent = await send(http, {
      method: endpoint.method,
      url: pathOf(endpoint, request.params),
      body: request.body,
      headers: headersOf(request, bearer),
      signal,
    });
    if (!sent.ok) return sent;
    return read(endpoint, sent.response, clock.nowMs());
  }

  /** The access token at hand, or a fresh one; many callers share one request for it. */
  function accessToken(signal: AbortSignal): Promise<CallResult<string>> {
    if (token && clock.elapsedMs() < token.goodUntilMs) return Promise.resolve({ ok: true, answer: token.value });
    if (!tokenUnderWay) {
      // Its own deadline: a caller who gives up must not take the others' token with him.
      const deadline = withDeadline(clock, defaultTimeoutMs);
      tokenUnderWay = fetchToken(deadline.signal)
        .then((result) => (result.ok ? result : deadline.explain(result)))
        .finally(() => {
          deadline.done();
          tokenUnderWay = null;
        });
    }
    return unlessAborted(tokenUnderWay, signal);
  }

  async function fetchToken(signal: AbortSignal): Promise<CallResult<string>> {
    const kiosk = identity.enrolment()?.kiosk;
    if (kiosk === undefined) return { ok: false, reason: 'not-enrolled', detail: 'no enrolment' };
    const first = await askToken(kiosk, signal);
    if (first.ok || first.reason !== 'refused') return first;
    const centreMs = first.problem?.nowMs;
    const heardMs = offsetMs;
    if (centreMs !== undefined) offsetMs = centreMs - clock.nowMs();
    // The centre says what time it has: a kiosk whose clock is far off signs again by that.
    const isClockNews = offsetMs !== null && Math.abs(offsetMs - (heardMs ?? 0)) > tokenMarginMs;
    const last = isClockNews ? await askToken(kiosk, signal) : first;
    return last.ok || last.reason !== 'refused' ? last : { ...last, reason: 'not-admitted' };
  }

  async function askToken(kiosk: string, signal: AbortSignal): Promise<CallResult<string>> {
    const askedAtMs = clock.elapsedMs();
    const marks = options.marks?.next();
    if (marks && !marks.ok) return { ok: false, reason: 'not-admitted', detail: `marks not kept: ${marks.reason}` };
    const assertion = await identity.assertion({
      kiosk,
      jti: uuid7(clock.nowMs(), random),
      nowMs: clock.nowMs() + (offsetMs ?? 0),
      ...(marks ? { marks: marks.marks } : {}),
    });
    const body = {
      grantType: 'client_credentials',
      assertionType: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      assertion,
    };
    const result = await exchange('requestToken', { body }, signal, null);
    if (!result.ok) return result;
    const answer = result.answer as Answer<'requestToken'>;
    options.marks?.admitted();
    offsetMs = answer.nowMs - clock.nowMs();
    token = { value: answer.accessToken, goodUntilMs: askedAtMs + answer.expiresInSeconds * 1000 - tokenMarginMs };
    return { ok: true, answer: answer.accessToken };
  }

  async function attempt(name: EndpointName, request: WireRequest, signal: AbortSignal): Promise<CallResult<unknown>> {
    if (endpoints[name].access === 'open') return exchange(name, request, signal, null);
    const first = await accessToken(signal);
    if (!first.ok) return first;
    const result = await exchange(name, request, signal, first.answer);
    if (result.ok || result.problem?.code !== 'not-authenticated') return result;
    // The centre may have restarted or changed its keys; once, since a second refusal is its last word.
    if (token?.value === first.answer) token = null;
    const second = await accessToken(signal);
    return second.ok ? exchange(name, request, signal, second.answer) : second;
  }

  async function call<N extends EndpointName>(name: N, request: CallOptions<N>): Promise<CallResult<Answer<N>>> {
    const { timeoutMs = defaultTimeoutMs, signal } = request;
    const deadline = withDeadline(clock, timeoutMs, signal);
    try {
      const result = await attempt(name, request, deadline.signal);
      const explained = result.ok ? result : deadline.explain(result);
      if (explained.ok || explained.reason !== 'cancelled') {
        for (const listener of [...listeners]) listener(explained);
      }
      return explained as CallResult<Answer<N>>;
    } finally {
      deadline.done();
    }
  }

  return {
    call,
    async query(name, request) {
      const result = await call('query', { ...request, params: { name }, body: {} });
      if (!result.ok) return result;
      const parsed = readBy(queries[name].answer, result.answer);
      return parsed.success
        ? { ok: true, answer: parsed.data as QueryAnswer<typeof name> }
        : { ok: false, reason: 'nonsense', detail: `query ${name}: ${fieldsOf(parsed.error)}` };
    },
    onOutcome(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clockOffsetMs: () => offsetMs,
    close() {
      token = null;
      listeners.clear();
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}
