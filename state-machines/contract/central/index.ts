/** Every call of the contract, by name: what client, reference server and OpenAPI are built from. */
import { fetchCatalogue, fetchKeys } from './catalogue.ts';
import { draftCertificate, issueCertificate, lookUpCode, lookUpNumber } from './certificates.ts';
import { checkCard, endVisit, passwordChallenge, proveCode, provePassword } from './identity.ts';
import { enrolKiosk, heartbeat, requestToken } from './kiosk.ts';
import { query } from './queries.ts';
import { deliverRequests } from './requests.ts';

export const endpoints = {
  enrolKiosk,
  requestToken,
  heartbeat,
  fetchKeys,
  fetchCatalogue,
  checkCard,
  passwordChallenge,
  provePassword,
  proveCode,
  endVisit,
  query,
  draftCertificate,
  issueCertificate,
  lookUpCode,
  lookUpNumber,
  deliverRequests,
} as const;
export type EndpointName = keyof typeof endpoints;
