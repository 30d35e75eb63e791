import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '投诉建议', en: 'Complaints and suggestions' },
  summary: { zh: '有问题、有意见、要举报，写给我们，限期答复', en: 'Write to us; you get an answer by a promised day' },
  materials: commonCopy.materialsNothing,
  method: { zh: '在这台机器上写，不用登录，也不用留姓名', en: 'Write it at this kiosk; no login, no name' },
  limit: { zh: '提交后告诉您最晚哪天答复', en: 'You are told the day by which you get an answer' },
  delivery: {
    zh: '留手机号的，我们打电话；没留的，凭编号查',
    en: 'By phone if you leave a number, else ask with your reference',
  },
};

export const copy = {
  formTitle: { zh: '请说说是什么事', en: 'What is it about?' },
  formHint: { zh: '写清时间、地点、什么事，我们好查', en: 'Say when, where and what, so that we can look into it' },
  kind: { zh: '哪一类', en: 'Kind' },
  question: { zh: '咨询', en: 'Question' },
  suggestion: { zh: '建议', en: 'Suggestion' },
  complaint: { zh: '投诉', en: 'Complaint' },
  report: { zh: '举报', en: 'Report' },
  text: { zh: '要说的话', en: 'Your words' },
  textHint: {
    zh: '最多500字。请不要写密码和银行卡号',
    en: 'At most 500 characters. No passwords or card numbers, please',
  },
  mobile: { zh: '手机号', en: 'Mobile number' },
  mobileHint: { zh: '想让我们联系您就留，不留也能提交', en: 'Only if you want us to call you' },
  doneTitle: { zh: '已经交给中心', en: 'The centre has it' },
  doneText: {
    zh: '{days}个工作日内答复您，最晚{date}。请记下编号和查询码，打12333凭它们查进展。',
    en: 'You get an answer within {days} working days, by {date} at the latest. Note the number and the code; with them, 12333 tells you how far it is.',
  },
  receivedText: {
    zh: '网络暂时不通，您写的已存在本机，连上后马上送到中心，不会丢。答复期限从中心收到那天算起。请记下编号，打12333凭它查。',
    en: 'The line is down. What you wrote is stored here and goes to the centre as soon as it is back. The time for the answer begins then. Note the number; 12333 can find it with that.',
  },
  slipTitle: { zh: '投诉建议回执', en: 'Receipt of what you wrote' },
  slipAsk: { zh: '凭编号和查询码打12333查进展。', en: 'With number and code, 12333 tells you how far it is.' },
  slipLater: {
    zh: '已存在自助机，联网后马上送到中心。',
    en: 'Stored in the kiosk, and sent as soon as the line is back.',
  },
  followUpCode: { zh: '查询码', en: 'Follow-up code' },
  promisedBy: { zh: '最晚答复', en: 'Answer by' },
} as const satisfies Record<string, Text>;
