import type { Appearance, ScreenEvent } from './contract/screen.ts';

type AppearanceChange = Omit<Extract<ScreenEvent, { type: 'appearance' }>, 'type'>;

/** How the screen looks and speaks after a change. What it names without a value, as cloned messages may, stays as it was. */
export function changeAppearance(appearance: Appearance, change: AppearanceChange): Appearance {
  const { language, theme, size, lowReach } = change;
  return {
    language: language ?? appearance.language,
    theme: theme ?? appearance.theme,
    size: size ?? appearance.size,
    lowReach: lowReach ?? appearance.lowReach,
  };
}
