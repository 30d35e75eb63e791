import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts, Term } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '参保证明', en: 'Proof of insurance' },
  summary: {
    zh: '证明您在本市参加社会保险、缴了多久',
    en: 'Proves that you are insured here, and for how long you have paid',
  },
  materials: commonCopy.materialsToLogIn,
  method: {
    zh: '在这台机器上自己打印，不用排队，不用填表',
    en: 'Print it yourself at this kiosk; no queue, no form',
  },
  limit: { zh: '当场打印，一份约1分钟', en: 'Printed on the spot, about a minute each' },
  delivery: commonCopy.deliveryPaper,
};

export const terms: readonly Term[] = [
  {
    word: { zh: '缴费基数', en: 'contribution base' },
    meaning: {
      zh: '算社会保险费用的那个工资数：缴多少，就按它乘上比例。',
      en: 'The wage that contributions are worked out from: each contribution is a share of it.',
    },
  },
  {
    word: { zh: '防伪码', en: 'anti-counterfeit code' },
    meaning: {
      zh: '印在纸上的16位码。收到证明的人在“查验真伪”里输入它，就知道是真是假。',
      en: 'Sixteen characters on the paper. Whoever receives it can enter them under “Check a certificate”.',
    },
  },
];
