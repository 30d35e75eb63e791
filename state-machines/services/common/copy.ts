/** Words that several items say alike. What only one item says stands in that item's `copy.ts`. */
import type { Text } from '../../contract/words/text.ts';
import type { Facts } from '../define-service.ts';

/** The facts of 3.2 that are the same for most items; an item spreads them and names the rest. */
export const usualFacts = {
  fee: { zh: '不收费', en: 'Free of charge' },
  hours: { zh: '大厅开门就能用', en: 'Whenever the hall is open' },
  ask: { zh: '打12333，或到大厅咨询台', en: 'Call 12333, or ask at the information desk' },
  complain: { zh: '本机“投诉建议”，或打12333', en: '“Complaints and suggestions” at this kiosk, or call 12333' },
} as const satisfies Partial<Facts>;

export const commonCopy = {
  /** `{cards}`: what this terminal's login accepts. */
  materialsToLogIn: { zh: '{cards}', en: 'Your {cards}' },
  materialsNothing: { zh: '什么都不用带', en: 'Nothing' },
  limitAtOnce: { zh: '当场办好', en: 'Done on the spot' },
  deliveryPaper: { zh: '从出纸口取走，盖有电子印章', en: 'Printed here, with an electronic seal' },
  methodHere: { zh: '在这台机器上自己办，不用排队', en: 'By yourself at this kiosk, without queueing' },
  printThis: { zh: '打印这份记录', en: 'Print this record' },
  yearsAndMonths: { zh: '{years}年{months}个月', en: '{years} y {months} m' },
  yearsOnly: { zh: '{years}年', en: '{years} y' },
  monthsOnly: { zh: '{months}个月', en: '{months} m' },
  fromTo: { zh: '{from}至{to}', en: '{from} to {to}' },
  upTo: { zh: '截至{date}', en: 'As of {date}' },
  yuan: { zh: '元', en: 'yuan' },
  none: { zh: '没有', en: 'None' },
} as const satisfies Record<string, Text>;
