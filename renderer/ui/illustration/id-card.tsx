import { useKiosk } from '../../kiosk.tsx';

/** The ID card lies flat on the reader, or is lifted from it. */
export function IdCard({ act }: { act: 'lay' | 'lift' }) {
  const { words } = useKiosk();
  return (
    <svg
      className="illo"
      viewBox="0 0 480 320"
      role="img"
      aria-label={act === 'lay' ? words.acts.idCard : words.acts.takeIdCard}
    >
      <rect className="bg" width="480" height="320" rx="24" />
      <path
        className="m"
        d="M112 104h256a20 20 0 0 1 19 14l46 152a22 22 0 0 1-21 28H68a22 22 0 0 1-21-28l46-152a20 20 0 0 1 19-14z"
      />
      <path
        className="lit"
        d="M128 122h224a14 14 0 0 1 13 10l36 120a16 16 0 0 1-15 20H94a16 16 0 0 1-15-20l36-120a14 14 0 0 1 13-10z"
      />
      <path
        className="m2"
        d="M136 132h208a10 10 0 0 1 10 7l32 108a11 11 0 0 1-11 15H105a11 11 0 0 1-11-15l32-108a10 10 0 0 1 10-7z"
      />
      <path
        className="pd2"
        d="M160 156h160a10 10 0 0 1 9 7l22 70a10 10 0 0 1-10 13H139a10 10 0 0 1-10-13l22-70a10 10 0 0 1 9-7z"
      />
      <path
        className="p"
        d="M160 148h160a10 10 0 0 1 9 7l22 70a10 10 0 0 1-10 13H139a10 10 0 0 1-10-13l22-70a10 10 0 0 1 9-7z"
      />
      <path className="g" d="M172 170h66M166 190h58M160 210h78" />
      <path className="ph" d="M268 164h42l15 56h-53z" />
      <path className="arrow" d={act === 'lay' ? 'M240 24v88M207 79l33 33 33-33' : 'M240 112V24M207 57l33-33 33 33'} />
    </svg>
  );
}
