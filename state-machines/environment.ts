import type { Environment } from './effects.ts';
import type { WorldEvent } from './steps/step.ts';

/** What is true of the terminal after an event of the world. */
export function nextEnvironment(environment: Environment, event: WorldEvent): Environment {
  switch (event.type) {
    case 'card.inserted':
      return { ...environment, card: 'present' };
    case 'card.taken':
      return { ...environment, card: 'absent' };
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
