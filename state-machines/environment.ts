import type { Environment } from './effects.ts';
import type { WorldEvent } from './steps/step.ts';

/** Whether a card is stuck in the reader: nobody can take it before staff have freed it. */
export function isCardStuck({ card, devices }: Environment): boolean {
  return card === 'present' && devices['card-reader'] === 'card-jammed';
}

/** What is true of the terminal after an event of the world. */
export function nextEnvironment(environment: Environment, event: WorldEvent): Environment {
  switch (event.type) {
    case 'card.inserted':
      return { ...environment, card: 'present', cardKeptAtMs: null };
    case 'card.presented':
      return { ...environment, cardKeptAtMs: event.keptAtMs };
    case 'card.taken':
      return { ...environment, card: 'absent', cardKeptAtMs: null };
    case 'idcard.placed':
      return { ...environment, idCard: 'present' };
    case 'idcard.lifted':
      return { ...environment, idCard: 'absent' };
    case 'idcard.untold':
      return { ...environment, idCard: 'untold' };
    case 'line':
      return { ...environment, line: event.state };
    case 'device':
      return { ...environment, devices: { ...environment.devices, [event.need]: event.reason } };
    case 'code.scanned':
    case 'paper.presented':
    case 'paper.taken':
    case 'card.retained':
    case 'board':
      return environment;
  }
}
