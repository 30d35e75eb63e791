import type { Finding } from '../../devices/find-devices.ts';

/** The findings for a person: a paragraph a place, a configuration line under each thing that has one. */
export function tellFindings(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ what, found, missing }) => [
    `${what}:`,
    ...(missing === null ? [] : [`  cannot be looked at: ${missing}`]),
    ...(missing === null && found.length === 0 ? ['  none'] : []),
    ...found.flatMap(({ name, line, note }) => [
      `  ${name}`,
      ...(line === null ? [] : [`    ${JSON.stringify(line)}`]),
      ...(note === null ? [] : [`    ${note}`]),
    ]),
    '',
  ]);
}
