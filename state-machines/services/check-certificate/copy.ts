import type { CertificateLayout } from '../../contract/words/certificate.ts';
import type { Text } from '../../contract/words/text.ts';
import { usualFacts } from '../common/copy.ts';
import type { Facts, Term } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '查验真伪', en: 'Check a certificate' },
  summary: {
    zh: '扫纸上的二维码，或输防伪码，看是真是假',
    en: 'Scan the QR code or enter the anti-counterfeit code',
  },
  materials: { zh: '要查的那张纸', en: 'The paper to be checked' },
  method: { zh: '在这台机器上查，不用登录', en: 'At this kiosk, without login' },
  limit: { zh: '几秒钟', en: 'A few seconds' },
  delivery: { zh: '显示在屏幕上', en: 'On the screen' },
};

export const copy = {
  scanTitle: { zh: '请扫纸上的二维码', en: 'Scan the QR code on the paper' },
  scanText: {
    zh: '二维码朝着扫码口，离开一拳远。扫不上的，输纸上的防伪码，大小写都行。',
    en: 'Hold the QR code a hand away from the scanner. If that fails, enter the anti-counterfeit code; capitals do not matter.',
  },
  typed: { zh: '防伪码', en: 'Anti-counterfeit code' },
  again: { zh: '再查一份', en: 'Check another' },
  goodTitle: { zh: '是真的，现在有效', en: 'Genuine, and still good' },
  goodBySignature: {
    zh: '电子印章核对过，中心也有记录。请再看看纸上的内容和下面一样不一样，不一样就是改过的。',
    en: 'The electronic seal is right and the centre has it on record. Compare the paper with what stands below; if it differs, it was altered.',
  },
  goodByCode: {
    zh: '中心有这份证明的记录。防伪码可能被抄到别的纸上：请看看纸上的内容和下面一样不一样，不一样就是假的。',
    en: 'The centre has it on record. A code can be copied onto another paper: compare it with what stands below; if it differs, it is false.',
  },
  sealOnlyTitle: { zh: '印章是真的', en: 'The seal is genuine' },
  sealOnlyText: {
    zh: '电子印章核对过，确实是下面这个单位出具的。现在连不上中心，不知道后来作废没有，要紧的请晚些再查一次。请再看看纸上的内容和下面一样不一样。',
    en: 'The electronic seal is right: it was issued by the body named below. The centre cannot be reached, so it is not known whether it was withdrawn since; check again later if it matters. Compare the paper with what stands below.',
  },
  withdrawnTitle: { zh: '是真的，但已经撤回', en: 'Genuine, but withdrawn' },
  withdrawnText: {
    zh: '中心出具过这份证明，后来撤回了，不能再用。请让持有人重新打印一份。',
    en: 'The centre issued it and withdrew it later; it counts no more. Ask for a new one.',
  },
  voidTitle: { zh: '编号已经作废', en: 'This number is void' },
  voidText: {
    zh: '这个编号没有打印成功，已经作废，不该有这样一张纸。请不要收，可以打12333举报。',
    en: 'This number was never printed successfully and is void; no such paper should exist. Do not accept it; you can report it to 12333.',
  },
  forgedTitle: { zh: '是假的', en: 'Not genuine' },
  forgedText: {
    zh: '电子印章对不上，内容被改过，或者不是社保机构出具的。请不要收，可以打12333举报。',
    en: 'The electronic seal does not fit: it was altered, or never issued by the agency. Do not accept it; you can report it to 12333.',
  },
  unknownIssuerTitle: { zh: '认不出是谁盖的章', en: 'Unknown issuer' },
  unknownIssuerText: {
    zh: '盖章的单位不在本机认得的名单里，可能是外地出具的。真假本机说不了，请到出具的地方去查。',
    en: 'Whoever sealed it is not on the list this kiosk knows; it may come from another region. Please ask where it was issued.',
  },
  issuerExpiredTitle: { zh: '盖章的证书过期了', en: 'The seal has expired' },
  issuerExpiredText: {
    zh: '这枚电子印章的证书已经过期，这份证明不能再用。请让持有人重新打印一份。',
    en: 'The certificate behind this electronic seal has expired, so the paper counts no more. Ask for a new one.',
  },
  issuerWithdrawnTitle: { zh: '盖章的证书被撤销了', en: 'The seal was withdrawn' },
  issuerWithdrawnText: {
    zh: '这枚电子印章的证书已经撤销，用它盖的章都不算数。请让持有人重新打印一份。',
    en: 'The certificate behind this electronic seal was withdrawn, so nothing sealed with it counts. Ask for a new one.',
  },
  notOursTitle: { zh: '这不是社保证明上的码', en: 'Not a code of ours' },
  notOursText: {
    zh: '可能扫到了别的码，或者防伪码输错了一位。请对着纸再来一次。',
    en: 'It may be another code, or one character is wrong. Please look at the paper and try again.',
  },
  unknownCodeTitle: { zh: '查不到这个防伪码', en: 'Code not on record' },
  unknownCodeText: {
    zh: '中心没有这个防伪码。请对着纸再输一次；还是没有的，这张纸多半是假的，可以打12333问一问。',
    en: 'The centre has no such code. Enter it once more; if it still is not found, the paper is probably false. 12333 can help.',
  },
  paper: { zh: '是什么', en: 'Paper' },
  number: { zh: '证明编号', en: 'Number' },
  name: { zh: '姓名', en: 'Name' },
  idNumber: { zh: '证件号码', en: 'ID number' },
  issuer: { zh: '谁出具的', en: 'Issued by' },
  issuedOn: { zh: '哪天出具的', en: 'Issued on' },
  otherPaper: { zh: '社会保险证明', en: 'Social insurance paper' },
} as const satisfies Record<string, Text>;

/** Papers by the name people know them by; the Chinese ones are their headings. */
export const paperNames: Record<CertificateLayout, Text> = {
  'proof-of-insurance': { zh: '社会保险参保证明', en: 'Proof of insurance' },
  'contribution-record': { zh: '社会保险缴费权益记录', en: 'Contribution record' },
  'acceptance-notice': { zh: '业务受理通知单', en: 'Notice of acceptance' },
};

export const terms: readonly Term[] = [
  {
    word: { zh: '防伪码', en: 'anti-counterfeit code' },
    meaning: {
      zh: '印在证明下方的16位字母和数字，每张都不一样。',
      en: 'Sixteen letters and digits at the foot of the paper, different on each.',
    },
  },
  {
    word: { zh: '电子印章', en: 'electronic seal' },
    meaning: {
      zh: '用密码技术盖的章：内容改动一个字，就对不上了。',
      en: 'A seal made by cryptography: change one character of the paper, and it no longer fits.',
    },
  },
];
