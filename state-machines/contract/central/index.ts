/** Every call of the contract, by name: what client, reference server and OpenAPI are built from. */
import { fetchCatalogue, fetchChanges, fetchKeys } from './catalogue.ts';
import { draftCertificate, issueCertificate, lookUpCode, lookUpNumber } from './certificates.ts';
import { deliverLog } from './commands.ts';
import { checkCard, endVisit, passwordChallenge, proveCode, proveFace, provePassword, provePin } from './identity.ts';
import { enrolKiosk, heartbeat, openEpoch, requestToken } from './kiosk.ts';
import { query } from './queries.ts';
import { deliverRequests } from './requests.ts';
import { beginThirdParty, fetchThirdParties, proveThirdParty } from './third-parties.ts';

export const endpoints = {
  enrolKiosk,
  requestToken,
  openEpoch,
  heartbeat,
  deliverLog,
  fetchKeys,
  fetchCatalogue,
  fetchChanges,
  checkCard,
  passwordChallenge,
  provePassword,
  provePin,
  proveCode,
  proveFace,
  fetchThirdParties,
  beginThirdParty,
  proveThirdParty,
  endVisit,
  query,
  draftCertificate,
  issueCertificate,
  lookUpCode,
  lookUpNumber,
  deliverRequests,
} as const;
export type EndpointName = keyof typeof endpoints;
