import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '参保登记查询', en: 'Registered insurances' },
  summary: {
    zh: '看您参加了哪几种社会保险，现在是什么状态',
    en: 'See which social insurances you have and how they stand',
  },
  materials: commonCopy.materialsToLogIn,
  method: commonCopy.methodHere,
  limit: { zh: '马上就能看到', en: 'Shown at once' },
  delivery: {
    zh: '显示在屏幕上；要纸的，打印参保证明',
    en: 'On the screen; as a proof of insurance on paper if you wish',
  },
};

export const copy = {
  title: { zh: '您参加的社会保险', en: 'Your social insurances' },
  table: { zh: '本市登记的险种', en: 'On record in this city' },
  kind: { zh: '险种', en: 'Insurance' },
  state: { zh: '参保状态', en: 'State' },
  first: { zh: '首次缴费', en: 'First paid' },
  last: { zh: '最近缴费', en: 'Last paid' },
  months: { zh: '累计缴费', en: 'Paid in all' },
  notCounted: { zh: '不计月数', en: 'Not counted' },
  nothing: { zh: '没有查到您在本市的参保登记。', en: 'No insurance is on record for you in this city.' },
  nothingTodo: {
    zh: '刚到单位的，请单位的经办人先办参保；自己参保的，请到窗口登记，或打12333问一问。',
    en: 'If you have just begun work, your employer has to register you. To insure yourself, go to a window, or call 12333.',
  },
  print: { zh: '打印参保证明', en: 'Print a proof of insurance' },
} as const satisfies Record<string, Text>;
