import type { Choice } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from './icon.tsx';
import { Phrases } from './phrases.tsx';

/** One thing to choose, with its mark, its words and an arrow. What cannot be chosen now says why, and lies flat. */
export function ChoiceRow({ choice }: { choice: Choice }) {
  const { act } = useKiosk();
  const blocked = choice.blocked !== undefined;
  return (
    <button
      type="button"
      className={blocked ? 'row blocked' : 'row'}
      disabled={blocked}
      onClick={() => act({ type: 'choose', choice: choice.id })}
    >
      {choice.icon ? (
        <span className="mark">
          <Icon name={choice.icon} />
        </span>
      ) : null}
      <div>
        <b>{choice.title}</b>
        {choice.blocked === undefined && choice.summary === undefined ? null : (
          <span>
            <Phrases>{choice.blocked ?? choice.summary ?? ''}</Phrases>
          </span>
        )}
      </div>
      {choice.tag ? <span className="tag">{choice.tag}</span> : null}
      {blocked ? null : <Icon name="right" />}
    </button>
  );
}

/** A short row: title and, at the right, the pinyin initials that find it; below it why it cannot be chosen now. */
export function ShortRow({ choice }: { choice: Choice }) {
  const { act, language } = useKiosk();
  return (
    <button
      type="button"
      className="row short"
      disabled={choice.blocked !== undefined}
      onClick={() => act({ type: 'choose', choice: choice.id })}
    >
      {choice.blocked === undefined ? (
        <>
          <b>{choice.title}</b>
          {choice.initials && language === 'zh' ? (
            <span className="initials">{choice.initials}</span>
          ) : (
            <Icon name="right" />
          )}
        </>
      ) : (
        <div>
          <b>{choice.title}</b>
          <span>
            <Phrases>{choice.blocked}</Phrases>
          </span>
        </div>
      )}
    </button>
  );
}
