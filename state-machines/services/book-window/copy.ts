import type { Text } from '../../contract/words/text.ts';
import { commonCopy, usualFacts } from '../common/copy.ts';
import type { Facts } from '../define-service.ts';

export const facts: Facts = {
  ...usualFacts,
  name: { zh: '预约取号', en: 'Book a window' },
  summary: {
    zh: '选好事项和时间，到时候直接去窗口，不用排队',
    en: 'Choose what for and when; then go straight to the window',
  },
  materials: commonCopy.materialsToLogIn,
  method: { zh: '在这台机器上选，从明天起一周内的都能约', en: 'Choose at this kiosk, from tomorrow on for one week' },
  limit: { zh: '约上没约上，马上知道', en: 'You know at once whether it worked' },
  delivery: {
    zh: '显示在屏幕上，并打印预约号；中心会发短信提醒',
    en: 'On the screen and on a ticket; the centre sends a reminder',
  },
};

export const copy = {
  matterTitle: { zh: '要到窗口办什么？', en: 'What do you want to do at the window?' },
  mattersTitle: { zh: '能预约的事项', en: 'What can be booked' },
  noMatters: { zh: '现在没有可预约的事项，请到咨询台问一问', en: 'Nothing can be booked now; please ask at the desk' },
  weekFull: { zh: '这一周都约满了', en: 'Fully booked this week' },
  timeTitle: { zh: '哪天来？几点来？', en: 'Which day, and what time?' },
  noTimes: { zh: '这一周都约满了，请明天再来看看', en: 'Fully booked this week; please look again tomorrow' },
  free: { zh: '还有{free}个号', en: '{free} left' },
  full: { zh: '约满了', en: 'Full' },
  reviewTitle: { zh: '请核对，没问题就预约', en: 'Please check, then book' },
  matter: { zh: '办什么', en: 'What for' },
  window: { zh: '在哪里', en: 'Where' },
  day: { zh: '哪天', en: 'Day' },
  time: { zh: '几点', en: 'Time' },
  number: { zh: '预约号', en: 'Booking number' },
  bookedTitle: { zh: '约好了', en: 'Booked' },
  bookedText: {
    zh: '到时候带上社会保障卡，直接到窗口。来不了，请在本机“取消预约”，把号让给别人。',
    en: 'Bring your card and go straight to the window. If you cannot come, please cancel here, so that somebody else can.',
  },
  takenTitle: { zh: '刚刚被别人约走了', en: 'Somebody was faster' },
  takenText: {
    zh: '这个时间的最后一个号刚被约走，您的还没有约上。请换一个时间。',
    en: 'The last place at this time has just gone. You have no booking yet; please choose another time.',
  },
  closedTitle: { zh: '这个时间不能约了', en: 'This time cannot be booked any more' },
  closedText: {
    zh: '中心刚停了这个时间的预约，您的还没有约上。请换一个时间。',
    en: 'The centre has just closed it. You have no booking yet; please choose another time.',
  },
  alreadyTitle: { zh: '这件事您已经约过了', en: 'You have booked this already' },
  alreadyText: {
    zh: '一件事只能约一个时间，原来约的还算数。想换时间，先在本机“取消预约”，再重新约。',
    en: 'One booking for each matter; yours still stands. To change the time, cancel it here first and book again.',
  },
  receivedText: {
    zh: '网络刚断，还不知道约上没有。您的预约已存在本机，连上后马上送到中心。约上了会发短信告诉您；没有收到短信的，请打12333问一问。',
    en: 'The line has just gone, so it is not known yet whether it worked. Your booking is stored here and sent as soon as the line is back; a text message tells you if it worked. Without one, please call 12333.',
  },
  otherTime: { zh: '换一个时间', en: 'Choose another time' },
  printTicket: { zh: '打印预约号', en: 'Print the ticket' },
  slipTitle: { zh: '预约小票', en: 'Booking receipt' },
  ticketCard: { zh: '社会保障卡', en: 'Social security card' },
  ticketId: { zh: '居民身份证', en: 'Identity card' },
  ticketOnTime: { zh: '请按时到窗口，过号要重新排队。', en: 'Please be on time; who is late has to queue.' },
  ticketCancel: {
    zh: '来不了请提前在自助机上取消预约。',
    en: 'If you cannot come, please cancel at a kiosk beforehand.',
  },
} as const satisfies Record<string, Text>;
