/** After these a reader pauses, and a line may end. */
const pauses = /(?<=[，。；：！？、,;:!?])/;
const opens = /[“‘《（【「(]$/;

/** Words as the browser's dictionary knows them, and some of the hall's that it takes apart. */
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const ours = /(二维码|社保卡|小票|本机|卡口|票口|纸口|扫码窗|人工窗口|自助机|几天|几点)/;

/** Cuts a text where a reader pauses; a line's end is a piece of its own. */
export function cutIntoPhrases(text: string): string[] {
  return text.split(/(\n)/).flatMap((line) => (line === '\n' ? [line] : line.split(pauses)));
}

/**
 * Cuts a phrase between words: a mark stays with the word it belongs to, a number with what it counts, and a single character with the word of
 * two before it, which it most often ends (身份证, 验证码).
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
  return !(/^\p{Script=Han}$/u.test(segment) && /^[“‘《（【「(]?\p{Script=Han}{2}$/u.test(before));
}

function segmentsOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
