/** What every item proves, whatever it is about. Each item's test calls this beside telling its own story. */
import { describe, expect, test } from 'vitest';
import type { IdentityLevel } from '../contract/words/person.ts';
import type { Text } from '../contract/words/text.ts';
import { words } from '../copy.ts';
import type { Environment } from '../effects.ts';
import { blockedBecause } from './availability.ts';
import type { Facts, Service, StepKind } from './define-service.ts';
import { noAnswers } from './define-service.ts';
import { services } from './index.ts';

/** The ten facts of 3.2. */
const tenFacts = [
  'name',
  'summary',
  'materials',
  'method',
  'limit',
  'delivery',
  'fee',
  'hours',
  'ask',
  'complain',
] as const satisfies readonly (keyof Facts)[];

/** Kinds of step in which a visitor has to do something; a result tells, a submission and a print happen. */
const actingKinds: ReadonlySet<StepKind> = new Set(['form', 'choose', 'read', 'review', 'sign', 'scan']);

/** A terminal where everything works but the line. */
const offline: Environment = {
  line: 'offline',
  card: 'absent',
  idCard: 'absent',
  devices: {
    'card-reader': null,
    'id-reader': null,
    'code-scanner': null,
    'document-printer': null,
    'receipt-printer': null,
    'pin-pad': null,
    camera: null,
  },
};

/** A place to be filled in (`say`). */
const place = /\{\w+\}/g;

/** Defines the tests. `copy` is the item's whole `copy.ts`: every text in it is looked at, wherever it stands. */
export function proveItem(service: Service, copy: Record<string, unknown>): void {
  describe(`${service.id}, as every item`, () => {
    test('stands in the index, once', () => {
      expect(services.filter(({ id }) => id === service.id)).toEqual([service]);
    });

    test('gives the ten facts', () => {
      expect(tenFacts.filter((fact) => service.facts[fact] === undefined)).toEqual([]);
      expect(Object.keys(service.facts)).toHaveLength(tenFacts.length);
    });

    proveCopy(copy);

    test('begins without the line at the level it declares, or says why it cannot', () => {
      const reason = (level: IdentityLevel) => blockedBecause(service, offline, level, new Map());
      if (service.identity === 'verified') {
        expect([reason('none'), reason('card-present')]).toEqual([words.blockedLine, words.blockedByCard]);
      } else {
        const expected = service.centre === 'needed' ? words.blockedLine : null;
        expect([reason('none'), reason('card-present')]).toEqual([expected, expected]);
      }
    });

    // Bookings, and what else the centre takes under a login only, would be refused when the visitor has long gone.
    test('hands in by a card alone only what the centre takes so: an application, which a clerk looks at', () => {
      if (service.identity !== 'card-present') return;
      const facts = { answers: noAnswers, language: 'zh', today: '', maskedName: null, level: 'card-present' } as const;
      const kinds = service.steps.flatMap((step) => (step.kind === 'submit' ? [step.body(facts).kind] : []));
      expect(kinds).toEqual(['application']);
    });

    test('asks the visitor for at most three steps once it is chosen (6.1.3)', () => {
      const acting = service.steps.filter((step) => actingKinds.has(step.kind));
      expect(acting.length).toBeLessThanOrEqual(3);
    });
  });
}

/** Defines the test that every text in a `copy.ts` is there in both languages, with the same places to fill in. */
export function proveCopy(copy: Record<string, unknown>): void {
  test('says everything in Chinese and in English', () => {
    const texts = textsIn(copy);
    expect(texts.length).toBeGreaterThan(0);
    // A text of nothing but places, such as `{day}, {time}`, has words in neither language.
    const worded = texts.filter(({ zh }) => /[\p{L}\d]/u.test(zh.replaceAll(place, '')));
    expect(worded.filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([]);
    expect(worded.filter(({ en }) => !/[A-Za-z]/.test(en.replaceAll(place, '')))).toEqual([]);
    expect(texts.filter(({ en }) => /\p{Script=Han}|[，。：；！？]/u.test(en))).toEqual([]);
    expect(texts.filter(({ zh, en }) => placesIn(zh) !== placesIn(en))).toEqual([]);
  });
}

function textsIn(value: unknown): Text[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('zh' in value && 'en' in value) return [{ zh: String(value.zh), en: String(value.en) }];
  return Object.values(value).flatMap(textsIn);
}

/** The places to be filled in, as one string: the same in every language. */
function placesIn(text: string): string {
  return [...text.matchAll(place)]
    .map(([found]) => found)
    .sort()
    .join();
}
