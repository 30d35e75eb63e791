import { useKiosk } from '../../kiosk.tsx';
import code from '../art/code-phone.svg';
import rings from '../art/paper-rings.svg';

/** Lines of the sample's table: share of the cell's width that is written. */
const lines = [0.62, 0.74, 0.58, 0.7, 0.66, 0.6, 0.72, 0.64];

/**
 * A certificate as it will lie in the hand, in the proportions of A4. It says what it is by its heading and its seal; everything
 * personal is a grey line, so that nobody takes it for a real one.
 */
export function SampleSheet() {
  const { words } = useKiosk();
  return (
    <svg className="sample-sheet" viewBox="0 0 210 297" role="img" aria-label={words.acts.sheet}>
      <rect className="p" width="210" height="297" />
      <image href={rings} x="25" y="62" width="160" height="160" />
      <rect className="frame-line" x="8" y="8" width="194" height="281" />
      <rect className="frame-line thin" x="9.8" y="9.8" width="190.4" height="277.4" />
      <path className="ink-line" d="M18 20h44M152 20h40" />
      <text x="105" y="40" textAnchor="middle">
        {words.sampleHeading}
      </text>
      <path className="cell" d="M18 50h24v10H18zM18 60h24v10H18zM100 50h24v10h-24zM100 60h24v10h-24z" />
      <path className="grid-line" d="M18 50h174v20H18zM18 60h174M42 50v20M100 50v20M124 50v20" />
      <path className="ink-line" d="M24 55h12M24 65h12M106 55h12M106 65h12M56 55h28M52 65h36M138 55h40M134 65h48" />
      <path className="ink-line" d="M26 80h140" />
      <path className="cell" d="M18 88h174v10H18z" />
      <path
        className="grid-line"
        d="M18 88h174v90H18zM18 98h174M18 108h174M18 118h174M18 128h174M18 138h174M18 148h174M18 158h174M18 168h174M76 88v90M110 88v90M150 88v90"
      />
      <path className="ink-line strong" d="M34 93h26M84 93h18M118 93h24M158 93h26" />
      {lines.map((share, index) => (
        <path
          // biome-ignore lint/suspicious/noArrayIndexKey: drawn lines
          key={index}
          className="ink-line"
          d={`M${47 - share * 24} ${103 + index * 10}h${share * 48}M84 ${103 + index * 10}h18M${130 - share * 14} ${
            103 + index * 10
          }h${share * 28}M158 ${103 + index * 10}h26`}
        />
      ))}
      <path className="ink-line" d="M18 192h150M18 200h128M18 208h96" />
      <image href={code} x="19" y="236" width="38" height="38" />
      <path className="ink-line" d="M64 262h26M64 270h38" />
      <path className="ink-line" d="M128 252h58M138 262h38" />
      <g className="seal" transform="translate(157 252) rotate(-7)">
        <circle r="20" />
        <path className="sf" d="M0-8.4l2.4 5.5 6 .5-4.600 3.900 1.4 5.8L0 4.300l-5.200 3 1.4-5.8-4.600-3.900 6-.5z" />
        <path className="arc" d="M-14.5 3a14.8 14.8 0 1 1 29 0" />
        <path className="arc" d="M-8 13h16" />
      </g>
    </svg>
  );
}
