import type {
  AcceptanceNotice,
  BookingTicket,
  ContributionRecord,
  ProofOfInsurance,
} from '../../state-machines/contract/words/certificate.ts';
import { makeCertificateCode } from '../../state-machines/contract/words/certificate-code.ts';

/**
 * One made-up paper of each layout: the kiosk warms the engine and its fonts with them at start, tests and measurements vary them.
 * The person does not exist: no region has the number 990000.
 */
const base = {
  version: 1 as const,
  layoutDigest: { algorithm: 'SHA-256' as const, value: '0'.repeat(64) },
  code: makeCertificateCode(Uint8Array.from([0x3a, 0xe7, 0x91, 0x0c, 0x55, 0xfe, 0x28, 0x6b, 0x90, 0xd3])),
  issuer: { id: 'yunchuan', name: '云川市社会保险事业管理中心' },
  issuedOn: '2026-11-24',
  actor: { relation: 'self' as const, name: '张建国', maskedNumber: '990***********0017' },
  subject: {
    kind: 'person' as const,
    idKind: 'resident-id' as const,
    idNumber: '990000197803150017',
    name: '张建国',
    sex: 'male' as const,
    unit: '云川示例科技有限公司',
  },
  region: '云川市',
};

export const sampleProof: ProofOfInsurance = {
  ...base,
  layout: 'proof-of-insurance',
  number: 'YC202611240372',
  asOf: '2026-11',
  insurances: [
    { kind: '企业职工基本养老保险', state: 'active', firstMonth: '2006-07', months: 217, lastMonth: '2026-10' },
    { kind: '失业保险', state: 'active', firstMonth: '2006-07', months: 193, lastMonth: '2026-10' },
    { kind: '工伤保险', state: 'active', firstMonth: '2015-01', lastMonth: '2026-10' },
  ],
  monthsOf: '养老保险',
  months: monthsBefore('2026-10', 12),
  notes: ['本证明加盖电子印章，与窗口出具的效力相同。', '扫描二维码，或在自助终端输入防伪码，可查验真伪。'],
};

export const sampleContributionRecord: ContributionRecord = {
  ...base,
  layout: 'contribution-record',
  number: 'YC202611240373',
  asOf: '2026-11',
  insurance: '企业职工基本养老保险',
  summary: { months: 217, gapMonths: 27, firstMonth: '2006-07', lastMonth: '2026-10', accountCents: 9_684_031 },
  years: Array.from({ length: 21 }, (_, index) => ({
    year: 2026 - index,
    months: index === 0 ? 10 : index === 20 ? 6 : index === 8 ? 3 : 12,
    baseCents: 795_000 - index * 31_000,
    unitCents: (795_000 - index * 31_000) * 2,
    personCents: 795_000 - index * 31_000,
    accountCents: 9_684_031 - index * 442_017,
  })),
  notes: [
    '本记录供本人查阅，月数与金额以社会保险经办机构的记账为准。',
    '对记录有疑问，请持证件到窗口核对，或拨打12333。',
  ],
};

export const sampleNotice: AcceptanceNotice = {
  ...base,
  layout: 'acceptance-notice',
  number: 'YC202611240374',
  requestNumber: 'SL20261124-00018',
  item: '个人联系方式变更',
  handling: 'commitment',
  acceptedOn: '2026-11-24',
  acceptedAt: '10:24',
  promisedDays: 5,
  promisedBy: '2026-12-01',
  materials: [
    { name: '居民身份证', form: 'fetched' },
    { name: '个人信息变更申请表（本人电子签名）', form: 'electronic' },
  ],
  facts: [
    { label: '新手机号码', value: '138****2046' },
    { label: '新联系地址', value: '云川市东湖区滨江路18号2幢301室' },
  ],
  department: '云川市社会保险事业管理中心综合受理科',
  window: '3号窗口',
  contact: '12333',
  notes: ['凭受理编号可在自助终端、窗口或拨打12333查询进度。', '承诺办结日期按工作日计算，遇法定节假日顺延。'],
};

export const sampleTicket: BookingTicket = {
  version: 1,
  layout: 'booking-ticket',
  bookingNumber: 'A018',
  maskedName: '张**',
  item: '养老保险关系转移接续',
  window: '6号窗口',
  day: '2026-11-27',
  from: '09:30',
  to: '10:00',
  centre: { name: '云川市社会保险服务大厅', address: '云川市东湖区人民路99号', phone: '12333' },
  materials: ['居民身份证原件', '《基本养老保险参保缴费凭证》'],
  notes: ['请提前10分钟到场，过号需重新排队。', '不能前来时，请至少提前半天取消预约。'],
};

/** Months counted back from the given one, newest first; the base rises each July, as bases do. */
export function monthsBefore(newest: string, count: number): ProofOfInsurance['months'] {
  const last = Number(newest.slice(0, 4)) * 12 + Number(newest.slice(5)) - 1;
  return Array.from({ length: count }, (_, index) => {
    const year = Math.floor((last - index) / 12);
    const month = ((last - index) % 12) + 1;
    const baseCents = 850_000 - Math.max(0, 2026 - year + (month < 7 ? 1 : 0)) * 55_000;
    const paid = Math.max(baseCents, 200_000);
    return {
      month: `${year}-${String(month).padStart(2, '0')}`,
      baseCents: paid,
      unitCents: (paid * 16) / 100,
      personCents: (paid * 8) / 100,
      arrived: 'arrived' as const,
    };
  });
}
