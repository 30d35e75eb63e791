import type { IoBoard } from '../../devices/io-board/adapter.ts';
import type { CardReader } from '../../devices/social-security-card/adapter.ts';
import { isCardHolder } from '../../devices/social-security-card/adapter.ts';
import type { StatusLight } from '../../state-machines/kiosk/status-light.ts';
import type { Log } from '../log.ts';

/** What the terminal's body does round a visit. Nobody waits for it; what does not come about is in the log. */
export type CabinetEffects = {
  /** Gives back the card that a motorised reader holds. Without such a reader, or a card in it, nothing happens. */
  returnCard(): void;
  /** Opens or closes the gate of a motorised reader; without one nothing happens. */
  admitCards(areAdmitted: boolean): void;
  /** Shows how the terminal is on its status light, where it has one. */
  showLight(light: StatusLight): void;
};

/** Moves the card, the gate and the light of the terminal; what it does not have is null. */
export function createCabinetEffects({
  reader,
  board,
  log,
}: {
  reader: CardReader | null;
  board: Pick<IoBoard, 'id' | 'setLight'> | null;
  log: Log;
}): CabinetEffects {
  const holder = reader !== null && isCardHolder(reader) ? reader : null;
  return {
    returnCard() {
      if (holder === null || holder.status().media !== 'present') return;
      void holder.returnCard().then((returned) => {
        if (!returned.ok) log.error('card.not-returned', { device: holder.id, detail: returned.detail });
      });
    },
    admitCards(areAdmitted) {
      // A reader that is away just now is told when it is back: it keeps what was wanted.
      void holder?.allowEntry(areAdmitted).then((done) => {
        if (!done.ok) log.warn('card.gate-not-moved', { device: holder.id, areAdmitted, detail: done.detail });
      });
    },
    showLight(light) {
      // The board keeps what was wanted, too.
      void board?.setLight(light).then((shown) => {
        if (!shown.ok)
          log.info('board.light-not-set', { device: board.id, colour: light.colour, detail: shown.detail });
      });
    },
  };
}
