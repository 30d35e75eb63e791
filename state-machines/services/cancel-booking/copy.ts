import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '取消预约', en: 'Cancel a booking' },
  summary: { zh: '约了来不了，取消了好让给别人', en: 'Cannot come? Cancel, so that somebody else can' },
  materials: commonCopy.materialsToLogIn,
  method: commonCopy.methodHere,
  limit: commonCopy.limitAtOnce,
  delivery: { zh: '屏幕上马上告诉您取消没有', en: 'The screen says at once whether it worked' },
};

export const copy = {
  title: { zh: '取消哪一个？', en: 'Which one do you want to cancel?' },
  listTitle: { zh: '您的预约', en: 'Your bookings' },
  empty: { zh: '您现在没有预约', en: 'You have no bookings' },
  when: { zh: '{day} {time}，{window}', en: '{day}, {time}, {window}' },
  reviewTitle: { zh: '确定要取消吗？', en: 'Cancel this booking?' },
  risk: {
    zh: '取消以后，这个号马上让给别人，不能恢复。还要办，得重新约。',
    en: 'The place goes to somebody else at once and cannot be had back. To come after all, book again.',
  },
  cancelledTitle: { zh: '已经取消', en: 'Cancelled' },
  cancelledText: {
    zh: '这个号已让给别人。以后要办，随时可以再约。',
    en: 'The place is free for others. You can book again at any time.',
  },
  notFoundTitle: { zh: '没有找到这个预约', en: 'This booking was not found' },
  notFoundText: {
    zh: '可能已经取消过了，或者时间已经过去。您不用再做什么。',
    en: 'It may have been cancelled already, or its time has passed. There is nothing more to do.',
  },
  tooLateTitle: { zh: '来不及取消了', en: 'Too late to cancel' },
  tooLateText: {
    zh: '时间快到了，这个预约还算数。来不了的，请打12333说一声。',
    en: 'It is too close to the time, so the booking stands. If you cannot come, please call 12333.',
  },
  receivedText: {
    zh: '网络刚断，还不知道取消没有。您的取消已存在本机，连上后马上送到中心。晚些再来“取消预约”看看，列表里没有它，就是取消了。',
    en: 'The line has just gone, so it is not known yet whether it worked. Your cancellation is stored here and sent as soon as the line is back; look here again later: once it is off the list, it is cancelled.',
  },
} as const satisfies Record<string, Text>;
