import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '变更联系方式', en: 'Change contact details' },
  summary: {
    zh: '换了手机号、搬了家，改成新的，通知才送得到',
    en: 'New number or address? Change it here, so that notices reach you',
  },
  materials: commonCopy.materialsToLogIn,
  method: {
    zh: '在这台机器上改，核对、签名就行，不用交材料',
    en: 'Change it at this kiosk, check and sign; no documents',
  },
  limit: { zh: '当场办好', en: 'Done on the spot' },
  delivery: {
    zh: '屏幕上告诉您办好没有；要凭据的，打印受理通知单',
    en: 'The screen says so; a notice of acceptance can be printed',
  },
};

export const copy = {
  formTitle: { zh: '哪一项变了，改哪一项', en: 'Change what is no longer right' },
  withoutOld: {
    zh: '断网，看不到原来的。手机号要填，别的不填就是不变',
    en: 'Offline, so the old details are not shown. Leave empty what stays',
  },
  kept: { zh: '不变', en: 'unchanged' },
  mobile: { zh: '手机号', en: 'Mobile number' },
  mobileHint: { zh: '短信通知发到这个号', en: 'Text messages are sent to this number' },
  address: { zh: '通讯地址', en: 'Postal address' },
  addressHint: { zh: '从市、区写到门牌', en: 'From town and district to the door' },
  postalCode: { zh: '邮政编码', en: 'Postal code' },
  email: { zh: '电子邮箱', en: 'E-mail' },
  emailHint: { zh: '没有可以不填', en: 'Leave empty if you have none' },
  changed: { zh: '{new}（原来是{old}）', en: '{new} (was {old})' },
  removed: { zh: '删掉（原来是{old}）', en: 'Removed (was {old})' },
  same: { zh: '{old}（不变）', en: '{old} (unchanged)' },
  wasEmpty: { zh: '空的', en: 'empty' },
  unchanged: {
    zh: '一项都没改，和原来一样。请点要改的那一项；不改了请点“返回”',
    en: 'Nothing has been changed. Touch what is no longer right, or go back',
  },
  risk: {
    zh: '以后的短信和通知都送到新的联系方式。手机号填错了，别人会收到您的通知。',
    en: 'Messages and notices will go to the new details. With a wrong number, somebody else gets them.',
  },
  statement: {
    zh: '我确认以上联系方式是我本人的，真实有效。',
    en: 'I confirm that these contact details are my own and correct.',
  },
  doneTitle: { zh: '改好了', en: 'Changed' },
  doneText: {
    zh: '新的联系方式现在就起作用。',
    en: 'The new details are in use from now on.',
  },
  reviewedTitle: { zh: '已经受理，正在审核', en: 'Accepted, under review' },
  reviewedText: {
    zh: '审核完，中心会发短信告诉您。在那以前，通知还送到原来的联系方式。',
    en: 'You will get a text message when it has been decided. Until then the old details are used.',
  },
  refusedTitle: { zh: '没有改成', en: 'Not changed' },
  refusedText: {
    zh: '{reason}。原来的联系方式没有动。可以改了再来一次，或到人工窗口办理。',
    en: 'The centre says: {reason}. Your old details are untouched. Try again with other details, or go to a counter.',
  },
  refusedWithoutReason: { zh: '中心没有通过', en: 'not approved' },
  receivedText: {
    zh: '网络暂时不通。您的变更已存在本机，连上后马上送到中心，不会丢。在那以前，通知还送到原来的联系方式。',
    en: 'The line is down. Your change is stored here and goes to the centre as soon as it is back. Until then the old details are used.',
  },
  pendingTitle: { zh: '已经收下，待核验', en: 'Received, pending verification' },
  pendingText: {
    zh: '您的变更和证件信息一起存好了，连上网就送到中心。工作人员核对是您本人后才改；在那以前，通知还送到原来的联系方式。',
    en: 'Your change is stored with what your card says, and goes to the centre. It is made once staff have checked that it was you; until then the old details are used.',
  },
  pending: { zh: '待核验', en: 'Pending verification' },
  pendingNote: { zh: '工作人员核对是本人后才生效。', en: 'It takes effect once staff have checked that it was you.' },
  promisedBy: { zh: '最晚办好', en: 'Decided by' },
  printNotice: { zh: '打印受理通知单', en: 'Print the notice of acceptance' },
  slipTitle: { zh: '变更联系方式受理回执', en: 'Receipt of your change' },
  slipState: { zh: '办理情况', en: 'State' },
  slipNote: { zh: '盖章的受理通知单可在自助机打印。', en: 'The sealed notice is printed at a kiosk.' },
  changeAgain: { zh: '重新填写', en: 'Fill in again' },
} as const satisfies Record<string, Text>;
