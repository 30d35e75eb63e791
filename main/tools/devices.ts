/**
 * `npm run devices`: what is plugged into this machine, each with a line for `devices` in the configuration. Exit code 0, whatever is
 * missing: a missing daemon is an answer too.
 */
import { findDevices } from '../../devices/find-devices.ts';
import { tellFindings } from './tell-findings.ts';

for (const line of tellFindings(await findDevices())) console.log(line);
// hidapi and PC/SC keep threads of their own; nothing is under way any more.
process.exit(0);
