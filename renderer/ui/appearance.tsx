import type { Theme } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from './icon.tsx';
import { Overlay } from './overlay.tsx';

const themes: Theme[] = ['light', 'light-contrast', 'dark'];

/** Language, size, colours and reach, behind the one button that is always there. What is chosen is seen at once. */
export function Appearance({ onClose }: { onClose: () => void }) {
  const { header, words, act } = useKiosk();
  const { language, size, theme, lowReach } = header.appearance;
  const own = words.appearance;
  return (
    <Overlay title={own.title} hint={own.hint} onClose={onClose} closeLabel={words.understood}>
      <div className="settings">
        <Setting label={own.language}>
          {(['zh', 'en'] as const).map((value) => (
            <Option key={value} on={language === value} onChoose={() => act({ type: 'appearance', language: value })}>
              {value === 'zh' ? '中文' : 'English'}
            </Option>
          ))}
        </Setting>
        <Setting label={own.size}>
          {(['normal', 'large'] as const).map((value) => (
            <Option key={value} on={size === value} onChoose={() => act({ type: 'appearance', size: value })}>
              <span className={value === 'large' ? 'sample-large' : undefined}>{own.sizes[value]}</span>
            </Option>
          ))}
        </Setting>
        <Setting label={own.theme}>
          {themes.map((value) => (
            <Option key={value} on={theme === value} onChoose={() => act({ type: 'appearance', theme: value })}>
              <i className={`swatch ${value}`}>Aa</i>
              {own.themes[value]}
            </Option>
          ))}
        </Setting>
        <Setting label={own.reach} note={own.reachText}>
          <Option on={lowReach} onChoose={() => act({ type: 'appearance', lowReach: !lowReach })}>
            <Icon name="wheelchair" />
            {lowReach ? own.on : own.off}
          </Option>
        </Setting>
      </div>
    </Overlay>
  );
}

function Setting({ label, note, children }: { label: string; note?: string; children: React.ReactNode }) {
  return (
    <div className="setting">
      <h3>
        {label}
        {note ? <span className="soft">{note}</span> : null}
      </h3>
      <div className="segments">{children}</div>
    </div>
  );
}

function Option({ on, onChoose, children }: { on: boolean; onChoose: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className={on ? 'btn primary' : 'btn'} aria-pressed={on} onClick={onChoose}>
      {children}
    </button>
  );
}
