import { useEffect, useMemo, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Icon } from '../ui/icon.tsx';
import type { PinyinEngine } from './pinyin/engine.ts';
import { loadPinyin } from './pinyin/load.ts';

/** Which keys lie there: pinyin with candidates, plain letters, digits and signs; `code` is capitals and digits at once. */
type Layer = 'pinyin' | 'latin' | 'signs' | 'code';

const letterRows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;
const chineseSigns = ['1234567890', '-/：；（）@“”', '。，、？！.·'] as const;
const latinSigns = ['1234567890', '-/:;()@&"', ".,?!'_+"] as const;

const codeRows = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM'] as const;
/** Punctuation at hand while nothing is being composed. */
const commonSigns = ['，', '。', '、', '？', '！', '：'] as const;

/** Longest pinyin typed before a character is chosen. */
const longestComposing = 40;

/**
 * The keyboard for words: pinyin with candidates, letters, signs. It holds no text of its own but the letters on their way to
 * becoming characters, which its owner shows.
 */
export default function TextKeyboard({
  value,
  onChange,
  composing,
  onComposing,
  start,
  maxLength,
  multiline,
  next,
}: {
  value: string;
  onChange: (value: string) => void;
  composing: string;
  onComposing: (letters: string) => void;
  start: 'pinyin' | 'latin' | 'code';
  maxLength: number;
  multiline: boolean;
  /** The key that goes on to the next field. */
  next?: { label: string; press: () => void };
}) {
  const { words, drafts } = useKiosk();
  const [layer, setLayer] = useState<Layer>(start);
  const [letters, setLetters] = useState<'pinyin' | 'latin' | 'code'>(start);
  const [shift, setShift] = useState(false);
  const [wide, setWide] = useState(false);
  const [engine, setEngine] = useState<PinyinEngine | null>(null);

  useEffect(() => {
    let gone = false;
    void loadPinyin().then((loaded) => {
      if (!gone) setEngine(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);

  const learned = drafts.read<Map<string, string[]>>('learned words', () => new Map());
  const candidates = useMemo(
    () => (engine === null || composing === '' ? [] : engine.candidates(composing, learned)),
    [engine, composing, learned],
  );

  const write = (text: string) => onChange([...(value + text)].slice(0, maxLength).join(''));
  const type = (key: string) => {
    if (layer === 'pinyin') {
      onComposing((composing + key).slice(0, longestComposing));
      return;
    }
    write(layer === 'latin' && shift ? key.toUpperCase() : key);
    setShift(false);
  };
  const choose = (candidate: { text: string; used: number }) => {
    write(candidate.text);
    const rest = composing.slice(candidate.used).replace(/^'+/, '');
    const taken = composing.slice(0, candidate.used);
    const before = learned.get(taken) ?? [];
    learned.set(taken, [candidate.text, ...before.filter((text) => text !== candidate.text)]);
    drafts.write('learned words', learned);
    onComposing(rest);
    if (rest === '') setWide(false);
  };
  const backspace = () => {
    if (composing !== '') onComposing(composing.slice(0, -1));
    else onChange([...value].slice(0, -1).join(''));
  };
  const space = () => {
    const first = candidates[0];
    if (composing === '') write(' ');
    else if (first) choose(first);
  };
  const swap = (to: Layer) => {
    onComposing('');
    setWide(false);
    setLayer(to);
    if (to !== 'signs') setLetters(to);
  };

  if (layer === 'code') return <CodeKeys onKey={write} onBackspace={backspace} next={next} />;

  const rows = layer === 'signs' ? (letters === 'pinyin' ? chineseSigns : latinSigns) : letterRows;
  const shown = (key: string) => (layer === 'latin' && shift ? key.toUpperCase() : key);
  return (
    <div className={wide ? 'keyboard wide' : 'keyboard'} data-layer={layer}>
      <div className="candidates">
        {layer === 'pinyin' && engine === null && composing !== '' ? (
          <p className="soft">{words.keys.loading}</p>
        ) : null}
        <div className="candidate-list">
          {layer === 'pinyin' && composing === '' && multiline
            ? commonSigns.map((sign) => (
                <button key={sign} type="button" className="key sign" onClick={() => write(sign)}>
                  {sign}
                </button>
              ))
            : null}
          {candidates.slice(0, wide ? 600 : 24).map((candidate) => (
            <button
              key={`${candidate.text} ${candidate.used}`}
              type="button"
              className="key"
              onClick={() => choose(candidate)}
            >
              {candidate.text}
            </button>
          ))}
        </div>
        {candidates.length > 4 ? (
          <button
            type="button"
            className="key quiet"
            aria-label={wide ? words.keys.fewerCandidates : words.keys.moreCandidates}
            onClick={() => setWide(!wide)}
          >
            <Icon name={wide ? 'up' : 'down'} />
          </button>
        ) : null}
      </div>
      <div className="keys">
        <div className="keyboard-row">
          {[...rows[0]].map((key) => (
            <Key key={key} label={shown(key)} onPress={() => type(key)} />
          ))}
        </div>
        <div className="keyboard-row">
          {[...rows[1]].map((key) => (
            <Key key={key} label={shown(key)} onPress={() => type(key)} />
          ))}
        </div>
        <div className="keyboard-row">
          {layer === 'pinyin' ? (
            <button
              type="button"
              className="key quiet w15"
              disabled={composing === '' || composing.endsWith("'")}
              onClick={() => onComposing(`${composing}'`)}
            >
              {words.keys.split}
            </button>
          ) : null}
          {layer === 'latin' ? (
            <button
              type="button"
              className={shift ? 'key quiet w15 on' : 'key quiet w15'}
              aria-label={words.keys.shift}
              aria-pressed={shift}
              onClick={() => setShift(!shift)}
            >
              <Icon name="shift" />
            </button>
          ) : null}
          {layer === 'signs' ? (
            <button type="button" className="key quiet w15" disabled={!multiline} onClick={() => write('\n')}>
              ↵
            </button>
          ) : null}
          {[...rows[2]].map((key) => (
            <Key key={key} label={shown(key)} onPress={() => type(key)} />
          ))}
          <button type="button" className="key quiet w15" aria-label={words.keys.backspace} onClick={backspace}>
            <Icon name="backspace" />
          </button>
        </div>
        <div className="keyboard-row">
          <button type="button" className="key quiet w15" onClick={() => swap(layer === 'signs' ? letters : 'signs')}>
            {layer === 'signs' ? words.keys.letters : words.keys.digits}
          </button>
          <button
            type="button"
            className="key quiet w15"
            onClick={() => swap(letters === 'pinyin' ? 'latin' : 'pinyin')}
          >
            {letters === 'pinyin' ? words.keys.english : words.keys.chinese}
          </button>
          <button type="button" className="key grow" onClick={space}>
            {words.keys.space}
          </button>
          {next ? (
            <button type="button" className="key quiet w2 next" onClick={next.press}>
              {next.label}
            </button>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** Capitals and digits at once, for codes printed on paper. */
function CodeKeys({
  onKey,
  onBackspace,
  next,
}: {
  onKey: (key: string) => void;
  onBackspace: () => void;
  next: { label: string; press: () => void } | undefined;
}) {
  const { words } = useKiosk();
  return (
    <div className="keyboard code">
      <div className="keys">
        {codeRows.map((row, index) => (
          <div key={row} className="keyboard-row">
            {[...row].map((key) => (
              <Key key={key} label={key} onPress={() => onKey(key)} />
            ))}
            {index === codeRows.length - 1 ? (
              <button type="button" className="key quiet w15" aria-label={words.keys.backspace} onClick={onBackspace}>
                <Icon name="backspace" />
              </button>
            ) : null}
            {index === codeRows.length - 1 && next ? (
              <button type="button" className="key quiet w15 next" onClick={next.press}>
                {next.label}
              </button>
            ) : null}
          </div>
        ))}
      </div>
    </div>
  );
}

function Key({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button type="button" className="key" onClick={onPress}>
      {label}
    </button>
  );
}
