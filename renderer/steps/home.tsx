import './home.css';
import { lazy, Suspense, useState } from 'react';
import type { Choice, StepOf } from '../../state-machines/contract/screen.ts';
import { findServices } from '../find-services.ts';
import { useDraft, useKiosk } from '../kiosk.tsx';
import { isWidePanel } from '../panel.ts';
import { ChoiceRow, ShortRow } from '../ui/choice-row.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Phrases } from '../ui/phrases.tsx';

const TextKeyboard = lazy(() => import('../form/text-keyboard.tsx'));

type Search = { open: boolean; all: boolean; text: string };

/** What would you like to do: six groups, the commonest items, and a search that first pinyin letters are enough for. */
export function HomeStep({ step }: { step: StepOf<'home'> }) {
  const [search, setSearch] = useDraft<Search>(() => ({ open: false, all: false, text: '' }));
  if (search.open || search.all) return <Searching step={step} search={search} onSearch={setSearch} />;
  const openSearch = () => setSearch({ ...search, open: true });
  const common = (
    <div className="common">
      <div className="label">
        <h2>{step.commonTitle}</h2>
      </div>
      <div className="rows two">
        {step.common.map((item) => (
          <ShortRow key={item.id} choice={item} />
        ))}
        <AllRow onPress={() => setSearch({ ...search, all: true })} />
      </div>
    </div>
  );
  const besideTheSheet = isWidePanel();
  return (
    <Frame
      under={
        <>
          <SearchField hint={step.searchHint} onPress={openSearch} />
          {besideTheSheet ? common : null}
        </>
      }
      fit
    >
      <div className="home">
        <div className="tiles">
          {step.groups.map((group) => (
            <GroupTile key={group.id} group={group} />
          ))}
        </div>
        {besideTheSheet ? null : common}
      </div>
    </Frame>
  );
}

function AllRow({ onPress }: { onPress: () => void }) {
  const { words } = useKiosk();
  return (
    <button type="button" className="row short all" onClick={onPress}>
      <b>{words.search.all}</b>
      <Icon name="all" />
    </button>
  );
}

function GroupTile({ group }: { group: Choice }) {
  const { act } = useKiosk();
  return (
    <button
      type="button"
      className="tile"
      disabled={group.blocked !== undefined}
      onClick={() => act({ type: 'choose', choice: group.id })}
    >
      {group.icon ? (
        <span className="mark">
          <Icon name={group.icon} />
        </span>
      ) : null}
      <span className="words">
        <b>{group.title}</b>
        <span>
          <Phrases>{group.blocked ?? group.summary ?? ''}</Phrases>
        </span>
      </span>
    </button>
  );
}

function SearchField({ hint, onPress }: { hint: string; onPress: () => void }) {
  return (
    <button type="button" className="search" onClick={onPress}>
      <Icon name="search" />
      <span>{hint}</span>
    </button>
  );
}

/** Everything there is, or what is found: above the keyboard, changing with every letter. */
function Searching({
  step,
  search,
  onSearch,
}: {
  step: StepOf<'home'>;
  search: Search;
  onSearch: (search: Search) => void;
}) {
  const { words, language } = useKiosk();
  const [composing, setComposing] = useState('');
  const found = findServices(step.everything, search.text, composing);
  const asked = search.text + composing !== '';
  const field = (
    <div className="search typing">
      <Icon name="search" />
      <span className="typed">
        {search.text}
        {composing ? <span className="composing">{composing}</span> : null}
        <i className="caret" />
        {asked ? null : <span className="soft">{step.searchHint}</span>}
      </span>
    </div>
  );
  const leave = () => {
    setComposing('');
    onSearch({ open: false, all: false, text: '' });
  };
  const keyboard = search.open ? (
    <Suspense fallback={<div className="keyboard loading" />}>
      <TextKeyboard
        value={search.text}
        onChange={(text) => onSearch({ ...search, text })}
        composing={composing}
        onComposing={setComposing}
        start={language === 'zh' ? 'pinyin' : 'latin'}
        maxLength={20}
        multiline={false}
      />
    </Suspense>
  ) : undefined;
  return (
    <Frame
      title={search.open ? words.search.find : words.search.all}
      under={
        search.open ? field : <SearchField hint={step.searchHint} onPress={() => onSearch({ ...search, open: true })} />
      }
      dock={keyboard}
      beside={{ label: words.search.back, icon: 'back', onPress: leave }}
    >
      {found.length === 0 ? (
        <p className="nothing">
          <Icon name="search" />
          {step.nothingFound}
        </p>
      ) : (
        <div className="rows two results">
          {found.map((choice) => (
            <ChoiceRow key={choice.id} choice={choice} />
          ))}
        </div>
      )}
    </Frame>
  );
}
