import type { IconName } from '../../state-machines/contract/screen.ts';
import sprite from './icons.svg?raw';

/** Icons of the views, and those only the screen itself needs. */
export type UiIcon =
  | IconName
  | 'go'
  | 'left'
  | 'skip'
  | 'down'
  | 'up'
  | 'globe'
  | 'contrast'
  | 'wheelchair'
  | 'scan'
  | 'shift'
  | 'speaker';

/** Strings become markup by this policy only, which knows nothing but the icons (`trusted-types` in the page's policy). */
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
type TrustedTypes = {
  createPolicy(name: string, rules: { createHTML(): string }): { createHTML(text: string): TrustedHTML };
};
const markup = trustedTypes?.createPolicy('icons', { createHTML: () => sprite }).createHTML('') ?? sprite;

/** All icons, once in the page: a `use` of another file would not take the page's colours. */
export function IconSprite() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file, bundled
  return <div hidden aria-hidden="true" dangerouslySetInnerHTML={{ __html: markup }} />;
}

export function Icon({ name }: { name: UiIcon }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The hall's emblem: rings that touch at one point and grow. */
export function Emblem() {
  return (
    <svg className="emblem" viewBox="0 0 48 48" aria-hidden="true">
      <use href="#emblem" />
    </svg>
  );
}
