import type { Language } from '../state-machines/contract/words/text.ts';

/** What the screen itself says: everything that does not come with a view. */
export type Words = {
  help: string;
  helpCalled: string;
  access: string;
  notLoggedIn: string;
  hotline: (number: string) => string;
  stepOf: (at: number, of: number) => string;
  pageOf: (at: number, of: number) => string;
  above: string;
  below: string;
  readOn: string;
  close: string;
  understood: string;
  search: { all: string; find: string; back: string };
  appearance: {
    title: string;
    hint: string;
    language: string;
    size: string;
    sizes: { normal: string; large: string };
    theme: string;
    themes: { light: string; 'light-contrast': string; dark: string };
    reach: string;
    reachText: string;
    on: string;
    off: string;
  };
  keys: {
    space: string;
    split: string;
    digits: string;
    letters: string;
    chinese: string;
    english: string;
    backspace: string;
    clear: string;
    shift: string;
    next: string;
    done: string;
    moreCandidates: string;
    fewerCandidates: string;
    loading: string;
  };
  form: {
    optional: string;
    privacy: string;
    missing: (fields: number) => string;
    /** Letters stand in a field for which no character was chosen. */
    unchosen: string;
    toGo: (characters: number) => string;
    year: string;
    month: string;
    day: string;
    counted: (used: number, of: number) => string;
  };
  password: { missing: (digits: number) => string; entered: (at: number, of: number) => string; checking: string };
  camera: {
    opening: string;
    follow: string;
    checking: string;
    off: string;
    preview: string;
    poseOf: (at: number, of: number) => string;
  };
  review: {
    look: string;
    zoom: string;
    fewer: string;
    more: string;
    copies: (n: number) => string;
    page: (at: number, of: number) => string;
    pages: string;
    pageBack: string;
    pageOn: string;
    smaller: string;
    larger: string;
    loading: string;
  };
  take: { coming: string; waiting: string; taken: string; stuck: string };
  rate: { missing: (left: number) => string };
  chart: {
    months: (n: number) => string;
    label: (from: number, to: number) => string;
    amount: string;
    year: (year: number) => string;
    touch: string;
    span: (from: string, to: string) => string;
  };
  scan: { missing: (characters: number) => string };
  seconds: string;
  staff: string;
  machine: { card: string; 'id-card': string; code: string; paper: string };
  acts: {
    cardIn: string;
    idCard: string;
    phone: string;
    printing: string;
    takePaper: string;
    receiptPrinting: string;
    takeReceipt: string;
    takeCard: string;
    takeIdCard: string;
    noPaper: string;
    jam: string;
    door: string;
    offline: string;
    cardTrouble: string;
    lock: string;
    plain: string;
    pinPad: string;
    sheet: string;
  };
  /** Heading of the sample paper. Papers are in Chinese whatever the screen speaks. */
  sampleHeading: string;
  /** Below the sample paper. */
  sampleSays: string;
  lost: { title: string; text: string; todo: string };
  otherPage: { title: string; text: string; todo: string };
};

const zh: Words = {
  help: '请人帮忙',
  helpCalled: '已叫人来',
  access: '大字 · EN',
  notLoggedIn: '未登录',
  hotline: (number) => `咨询电话${number}`,
  stepOf: (at, of) => `第${at}步，共${of}步`,
  pageOf: (at, of) => `第${at}页，共${of}页`,
  above: '上面还有',
  below: '下面还有',
  readOn: '接着往下看',
  close: '关上',
  understood: '知道了',
  search: { all: '全部事项', find: '找一找', back: '返回' },
  appearance: {
    title: '看不清？够不着？在这里改',
    hint: '只管这一次，您离开后会变回来',
    language: '语言 Language',
    size: '字的大小',
    sizes: { normal: '一般', large: '大字' },
    theme: '颜色',
    themes: { light: '一般', 'light-contrast': '浅底高对比', dark: '深底高对比' },
    reach: '按钮放低',
    reachText: '坐着也够得到',
    on: '已打开',
    off: '打开',
  },
  keys: {
    space: '空格',
    split: '分词',
    digits: '123',
    letters: 'ABC',
    chinese: '中文',
    english: '英文',
    backspace: '退一格',
    clear: '清空',
    shift: '大写',
    next: '下一项',
    done: '填好了',
    moreCandidates: '更多字',
    fewerCandidates: '收起',
    loading: '正在取字库',
  },
  form: {
    optional: '可以不填',
    privacy: '您离开后，这台机器不会留下您打过的字。',
    missing: (fields) => `还有${fields}处没填好`,
    unchosen: '还有拼音没选字',
    toGo: (characters) => `还差${characters}位`,
    year: '年',
    month: '月',
    day: '日',
    counted: (used, of) => `${used}/${of}字`,
  },
  password: {
    missing: (digits) => `还差${digits}位`,
    entered: (at, of) => `已输入${at}位，共${of}位`,
    checking: '正在核对',
  },
  camera: {
    opening: '正在打开摄像头',
    follow: '请跟着提示做',
    checking: '正在核对',
    off: '照好了，摄像头已关，正在核对',
    preview: '摄像头里的您',
    poseOf: (at, of) => `第${at}个动作，共${of}个`,
  },
  review: {
    look: '看这几处：',
    zoom: '放大',
    fewer: '少一份',
    more: '多一份',
    copies: (n) => `${n}份`,
    page: (at, of) => `${at}/${of}`,
    pages: '看第几页',
    pageBack: '上一页',
    pageOn: '下一页',
    smaller: '小一点',
    larger: '大一点',
    loading: '正在准备样张',
  },
  take: { coming: '正在出来', waiting: '还没取', taken: '已取走', stuck: '卡住了' },
  rate: { missing: (left) => `还有${left}项没评` },
  chart: {
    months: (n) => `${n}个月`,
    label: (from, to) => `${from}年至${to}年每年缴费的月数`,
    amount: '共缴',
    year: (year) => `${year}年`,
    touch: '点一根柱子，看那一年缴了多少',
    span: (from, to) => `${from}至${to}`,
  },
  scan: { missing: (characters) => `还差${characters}位` },
  seconds: '秒',
  staff: '供工作人员看：',
  machine: {
    card: '插卡口的位置',
    'id-card': '身份证感应区的位置',
    code: '扫码窗的位置',
    paper: '出纸口的位置',
  },
  acts: {
    cardIn: '社会保障卡插入插卡口，芯片朝上',
    idCard: '身份证平放在感应区上',
    phone: '手机屏幕对准扫码窗',
    printing: '纸正从出纸口出来',
    takePaper: '从出纸口取走纸',
    receiptPrinting: '小票正从出票口出来',
    takeReceipt: '从出票口取走小票',
    takeCard: '从插卡口取走卡',
    takeIdCard: '从感应区拿起身份证',
    noPaper: '出纸口没有纸',
    jam: '纸卡在打印机里',
    door: '打印机的门没有关好',
    offline: '机器连不上社保中心',
    cardTrouble: '卡读不出来',
    lock: '卡已锁住',
    plain: '这台机器',
    pinPad: '在密码键盘上按密码，确认键是绿色的',
    sheet: '一张盖了章的纸',
  },
  sampleHeading: '社会保险参保证明',
  sampleSays: '打出来的纸是这样',
  lost: {
    title: '请稍等，机器正在恢复',
    text: '屏幕上的内容已经清除。已经交上去的事都保存好了，不会丢，也不会重复。',
    todo: '一般不到一分钟就好。着急的话，请找工作人员。卡还在机器里的，恢复后会退给您。',
  },
  otherPage: {
    title: '本机正在另一个页面上使用',
    text: '同一台机器只能在一个页面上办事，这里先停下。',
    todo: '要在这里办，请点一下屏幕。',
  },
};

const en: Words = {
  help: 'Call staff',
  helpCalled: 'Staff called',
  access: 'Aa · 中文',
  notLoggedIn: 'Not signed in',
  hotline: (number) => `Hotline ${number}`,
  stepOf: (at, of) => `Step ${at} of ${of}`,
  pageOf: (at, of) => `Page ${at} of ${of}`,
  above: 'More above',
  below: 'More below',
  readOn: 'Read on',
  close: 'Close',
  understood: 'Got it',
  search: { all: 'All services', find: 'Find a service', back: 'Back' },
  appearance: {
    title: 'Hard to read or to reach?',
    hint: 'For this visit only; it is undone when you leave',
    language: '语言 Language',
    size: 'Text size',
    sizes: { normal: 'Normal', large: 'Large' },
    theme: 'Colours',
    themes: { light: 'Normal', 'light-contrast': 'Contrast, light', dark: 'Contrast, dark' },
    reach: 'Lower buttons',
    reachText: 'Within reach when seated',
    on: 'On',
    off: 'Turn on',
  },
  keys: {
    space: 'Space',
    split: 'Split',
    digits: '123',
    letters: 'ABC',
    chinese: '中文',
    english: 'English',
    backspace: 'Delete',
    clear: 'Clear',
    shift: 'Shift',
    next: 'Next field',
    done: 'Done',
    moreCandidates: 'More characters',
    fewerCandidates: 'Fewer',
    loading: 'Loading characters',
  },
  form: {
    optional: 'Optional',
    privacy: 'Nothing you type stays on this machine after you leave.',
    missing: (fields) => (fields === 1 ? '1 field to fill in' : `${fields} fields to fill in`),
    unchosen: 'Choose a character',
    toGo: (characters) => `${characters} to go`,
    year: 'Year',
    month: 'Month',
    day: 'Day',
    counted: (used, of) => `${used}/${of}`,
  },
  password: {
    missing: (digits) => (digits === 1 ? '1 digit to go' : `${digits} digits to go`),
    entered: (at, of) => `${at} of ${of} digits entered`,
    checking: 'Checking',
  },
  camera: {
    opening: 'Switching the camera on',
    follow: 'Follow the prompts',
    checking: 'Checking',
    off: 'Done: the camera is off. Checking',
    preview: 'You, as the camera sees you',
    poseOf: (at, of) => `Pose ${at} of ${of}`,
  },
  review: {
    look: 'Check:',
    zoom: 'Zoom',
    fewer: 'One copy fewer',
    more: 'One copy more',
    copies: (n) => (n === 1 ? '1 copy' : `${n} copies`),
    page: (at, of) => `${at}/${of}`,
    pages: 'Page',
    pageBack: 'Page before',
    pageOn: 'Next page',
    smaller: 'Smaller',
    larger: 'Larger',
    loading: 'Preparing the preview',
  },
  take: { coming: 'Coming out', waiting: 'Not taken yet', taken: 'Taken', stuck: 'Stuck' },
  rate: { missing: (left) => `${left} still to rate` },
  chart: {
    months: (n) => (n === 1 ? '1 month' : `${n} months`),
    label: (from, to) => `Months paid in each year from ${from} to ${to}`,
    amount: 'in all',
    year: (year) => `${year}`,
    touch: 'Touch a bar to see that year',
    span: (from, to) => `${from} to ${to}`,
  },
  scan: { missing: (characters) => `${characters} to go` },
  seconds: 's',
  staff: 'For staff: ',
  machine: {
    card: 'Where the card slot is',
    'id-card': 'Where the ID card reader is',
    code: 'Where the code scanner is',
    paper: 'Where the paper comes out',
  },
  acts: {
    cardIn: 'The card goes into the slot, chip up',
    idCard: 'The ID card lies flat on the reader',
    phone: 'The phone faces the scanner window',
    printing: 'Paper is coming out of the slot',
    takePaper: 'Take the paper from the slot',
    receiptPrinting: 'A receipt is coming out of its slot',
    takeReceipt: 'Take the receipt from its slot',
    takeCard: 'Take the card from the slot',
    takeIdCard: 'Lift the ID card from the reader',
    noPaper: 'There is no paper in the slot',
    jam: 'Paper is stuck in the printer',
    door: 'The printer door is not closed',
    offline: 'The machine cannot reach the centre',
    cardTrouble: 'The card cannot be read',
    lock: 'The card is locked',
    plain: 'This machine',
    pinPad: 'Type the password on the PIN pad; the green key confirms',
    sheet: 'A sheet with a seal',
  },
  sampleHeading: '社会保险参保证明',
  sampleSays: 'The paper looks like this',
  lost: {
    title: 'One moment, the machine is recovering',
    text: 'The screen has been cleared. Whatever was handed in is safe: it is neither lost nor done twice.',
    todo: 'It usually takes less than a minute. If you are in a hurry, please ask the staff. A card still inside is given back once the machine is ready.',
  },
  otherPage: {
    title: 'Another page serves this kiosk',
    text: 'A kiosk serves on one page at a time, so this one waits.',
    todo: 'Touch the screen to go on here.',
  },
};

/** The screen's own words in the visitor's language. */
export const words: Record<Language, Words> = { zh, en };
