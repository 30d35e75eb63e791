/** After these a reader pauses, and a line may end. */
const pauses = /(?<=[，。；：！？、,;:!?])/;
const opens = /[“‘《（【「(]$/;

/** Words as the browser's dictionary knows them, and some of the hall's that it takes apart. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const ours =
  /(二维码|验证码|防伪码|扫码窗|手机号|身份证|社保卡|保障卡|社保|缴费|小票|本机|自助机|卡口|票口|纸口|页面|另一个|连不上|打印机|读卡器)/;
/** Characters that belong to the word before them. */
const ending = /^[的了着过吗呢们上下里]$/;

/** Cuts a text where a reader pauses; a line's end is a piece of its own. */
export function cutIntoPhrases(text: string): string[] {
  return text.split(/(\n)/).flatMap((line) => (line === '\n' ? [line] : line.split(pauses)));
}

/**
 * Cuts a phrase between words: a mark stays with the word it belongs to, a number with what it counts, and what ends a word (的, 了) with that
 * word.
 */
export function cutIntoWords(phrase: string): string[] {
  const words: string[] = [];
  for (const segment of phrase.split(ours).flatMap((part) => (ours.test(part) ? [part] : segmentsOf(part)))) {
    const before = words.at(-1);
    if (before === undefined || beginsWord(segment, before)) words.push(segment);
    else words[words.length - 1] = before + segment;
  }
  return words;
}

function beginsWord(segment: string, before: string): boolean {
  if (opens.test(before) || /\d$/.test(before)) return false;
  if (opens.test(segment)) return true;
  if (!/^[\p{L}\p{N}]/u.test(segment)) return false;
  return !ending.test(segment);
}

function segmentsOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
