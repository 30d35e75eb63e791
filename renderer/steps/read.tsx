import './read.css';
import type { ReadBlock, StepOf } from '../../state-machines/contract/screen.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Terms } from '../ui/terms.tsx';
import { YearsChart } from '../ui/years-chart.tsx';

/**
 * Something to read: figures first, then the picture, then the lines. Where it can be printed, the bar's way on is the printer, and
 * who has read enough goes on below the last line.
 */
export default function ReadStep({ step }: { step: StepOf<'read'> }) {
  const { act } = useKiosk();
  const print = step.print;
  const way =
    print === undefined
      ? undefined
      : {
          label: print.label,
          icon: 'print' as const,
          ...(print.blocked === undefined ? {} : { missing: print.blocked }),
        };
  const bar = way ? { wayOn: way, onWayOn: () => act({ type: 'print' as const }) } : {};
  return (
    <Frame {...bar}>
      {step.tabs ? (
        <div className="segments">
          {step.tabs.choices.map((tab) => {
            const on = tab.id === step.tabs?.chosen;
            return (
              <button
                key={tab.id}
                type="button"
                className={on ? 'btn primary' : 'btn'}
                aria-pressed={on}
                disabled={tab.blocked !== undefined}
                onClick={() => {
                  if (!on) act({ type: 'choose', choice: tab.id });
                }}
              >
                {tab.title}
              </button>
            );
          })}
        </div>
      ) : null}
      {step.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one step stay where they are
        <Block key={index} block={block} />
      ))}
      {step.asOf ? <p className="as-of soft">{step.asOf}</p> : null}
      {way && step.wayOn ? (
        <div className="rows">
          <button type="button" className="row" onClick={() => act({ type: 'next' })}>
            <span className="mark">
              <Icon name="check" />
            </span>
            <div>
              <b>{step.wayOn.label}</b>
            </div>
            <Icon name="right" />
          </button>
        </div>
      ) : null}
    </Frame>
  );
}

function Block({ block }: { block: ReadBlock }) {
  switch (block.kind) {
    case 'figures':
      return (
        <dl className={lettersOf(block.figures) > roomyLetters ? 'panel figures many' : 'panel figures'}>
          {block.figures.map((figure) => (
            <div key={figure.label}>
              <dt>
                <Terms>{figure.label}</Terms>
              </dt>
              <dd className="num">
                {figure.value}
                {figure.unit ? <small>{figure.unit}</small> : null}
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'years':
      return <YearsChart block={block} />;
    case 'gaps':
      return (
        <section className="gaps">
          <div className="label">
            <h2>{block.title}</h2>
          </div>
          {block.gaps.length === 0 ? (
            <p className="panel gap whole">
              <Icon name="check" />
              {block.none}
            </p>
          ) : (
            block.gaps.map((gap) => <Gap key={gap.from} gap={gap} />)
          )}
        </section>
      );
    case 'table':
      return <Table block={block} />;
    case 'text':
      return (
        <section className="panel prose">
          {block.title ? <h2>{block.title}</h2> : null}
          {block.paragraphs.map((paragraph) => (
            <p key={paragraph}>
              <Terms>{paragraph}</Terms>
            </p>
          ))}
        </section>
      );
  }
}

/** Figures that are words rather than numbers are written smaller, so that they stay beside each other. */
const roomyLetters = 19;
const lettersOf = (figures: { value: string; unit?: string }[]) =>
  figures.reduce((sum, { value, unit = '' }) => sum + value.length + unit.length, 0);

function Gap({ gap }: { gap: { from: string; to: string; text: string } }) {
  const { words } = useKiosk();
  return (
    <div className="panel gap">
      <i aria-hidden="true" />
      <div>
        <b>{words.chart.span(gap.from, gap.to)}</b>
        <span>{gap.text}</span>
      </div>
    </div>
  );
}

function Table({ block }: { block: Extract<ReadBlock, { kind: 'table' }> }) {
  return (
    <section>
      <div className="label">
        <h2>{block.title}</h2>
      </div>
      <table className="panel">
        <thead>
          <tr>
            {block.columns.map((column) => (
              <th key={column} scope="col">
                <Terms>{column}</Terms>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are their column
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
