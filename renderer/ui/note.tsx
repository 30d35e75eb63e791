import type { IconName } from '../../state-machines/contract/screen.ts';
import { Icon } from './icon.tsx';
import { Terms } from './terms.tsx';

/** A sentence beside a sign. `ask` puts it on the accent's ground: something to weigh before going on. */
export function Note({ icon, text, tone }: { icon: IconName; text: string; tone?: 'ask' | 'danger' }) {
  return (
    <p className={tone ? `note ${tone}` : 'note'}>
      <Icon name={icon} />
      <span>
        <Terms phrased>{text}</Terms>
      </span>
    </p>
  );
}
