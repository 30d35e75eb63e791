import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';

/**
 * Agents whose open connections do not remember the request they were opened for. Node keeps a request's options as long as the connection it
 * opened is open, and a line that is used is never closed: with them the grant of that visit would stay in memory for days, and what axios puts
 * there, the body.
 */
export class ForgetfulHttpAgent extends HttpAgent {
  constructor(options: AgentOptions) {
    super({ ...options, keepAlive: true });
  }

  override createConnection(...[options, done]: Parameters<HttpAgent['createConnection']>) {
    return super.createConnection(withoutRequest(options), done);
  }
}

/** {@link ForgetfulHttpAgent} over TLS. */
export class ForgetfulHttpsAgent extends HttpsAgent {
  constructor(options: HttpsAgentOptions) {
    super({ ...options, keepAlive: true });
  }

  override createConnection(...[options, done]: Parameters<HttpsAgent['createConnection']>) {
    return super.createConnection(withoutRequest(options), done);
  }
}

/** What belongs to the request is taken out of the very object, since that is what Node keeps. The request itself has read it already. */
function withoutRequest<Options extends ClientRequestArgs>(options: Options): Options {
  for (const field of ['headers', 'beforeRedirects', 'beforeRedirect']) Reflect.deleteProperty(options, field);
  return options;
}
