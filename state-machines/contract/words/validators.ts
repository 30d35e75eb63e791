/**
 * The checks a form field may name: pure functions that screen, kiosk and centre run alike. No schema library is imported here, so
 * that the screen can check while a visitor types.
 */
import type { FieldDefinition, FormValues, ValidatorName } from './form.ts';
import type { Text } from './text.ts';

/** What is wrong with a value. Each has its sentence in {@link problemTexts}. */
export type ProblemCode =
  | 'missing'
  | 'too-long'
  | 'not-digits'
  | 'not-a-choice'
  | 'mobile-form'
  | 'id-length'
  | 'id-form'
  | 'id-date'
  | 'id-check'
  | 'credit-code-form'
  | 'credit-code-check'
  | 'bank-card-length'
  | 'bank-card-check'
  | 'postal-code-form'
  | 'email-form'
  | 'name-form'
  | 'date-form'
  | 'date-not-past'
  | 'control-characters';

/** Said at the field, kindly, with what to do. */
export const problemTexts: Record<ProblemCode, Text> = {
  missing: { zh: '这一项要填', en: 'Please fill this in' },
  'too-long': { zh: '太长了，请写短一些', en: 'Too long, please shorten it' },
  'not-digits': { zh: '这里只能填数字', en: 'Digits only' },
  'not-a-choice': { zh: '请从列出的选项里选', en: 'Please pick one of the choices' },
  'mobile-form': { zh: '手机号是11位，以1开头，请再看看', en: 'A mobile number has 11 digits and starts with 1' },
  'id-length': { zh: '证件号码是18位，请再数数', en: 'An ID number has 18 characters' },
  'id-form': { zh: '证件号码里有不该有的字，请再看看', en: 'This ID number holds a character it cannot have' },
  'id-date': { zh: '号码里的出生日期不对，请再看看', en: 'The date of birth inside the number is not a real date' },
  'id-check': {
    zh: '号码里有一位不对，请对着证件再看看',
    en: 'One character is wrong; please compare with the document',
  },
  'credit-code-form': {
    zh: '统一社会信用代码是18位数字和大写字母',
    en: 'A unified social credit code has 18 digits and capitals',
  },
  'credit-code-check': {
    zh: '代码里有一位不对，请对着执照再看看',
    en: 'One character is wrong; please compare with the licence',
  },
  'bank-card-length': { zh: '银行卡号是16到19位', en: 'A bank card number has 16 to 19 digits' },
  'bank-card-check': { zh: '卡号可能有一位不对，请再看看', en: 'One digit may be wrong; please check' },
  'postal-code-form': { zh: '邮政编码是6位数字', en: 'A postal code has 6 digits' },
  'email-form': { zh: '邮箱写法不对，例如 name@example.com', en: 'Not an e-mail address, e.g. name@example.com' },
  'name-form': { zh: '姓名里有不该有的符号', en: 'The name holds a sign it cannot have' },
  'date-form': { zh: '没有这一天，请再看看', en: 'There is no such day' },
  'date-not-past': { zh: '日期不能晚于今天', en: 'The date cannot lie in the future' },
  'control-characters': {
    zh: '里面有看不见的字符，请重新输入',
    en: 'It holds invisible characters; please type it again',
  },
};

/** Problems that are doubts: told, but they do not stop the form. */
export const doubts: ReadonlySet<ProblemCode> = new Set(['bank-card-check']);

/** What a check may need beyond the value. */
export type ValidationContext = { today: string };

const checks: Record<ValidatorName, (value: string, context: ValidationContext) => ProblemCode | null> = {
  mobile: (value) => (/^1[3-9]\d{9}$/.test(value) ? null : 'mobile-form'),
  'id-number': checkIdNumber,
  'social-credit-code': checkCreditCode,
  'bank-card': checkBankCard,
  'postal-code': (value) => (/^\d{6}$/.test(value) ? null : 'postal-code-form'),
  email: (value) => (/^[^\s@"<>()[\],;:\\]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}$/i.test(value) ? null : 'email-form'),
  'chinese-name': (value) => (/^[\p{Script=Han}\p{Script=Latin}·•.' -]+$/u.test(value) ? null : 'name-form'),
  'real-date': (value) => (isRealDate(value) ? null : 'date-form'),
  'past-date': (value, { today }) => (!isRealDate(value) ? 'date-form' : value <= today ? null : 'date-not-past'),
  'no-control-characters': (value) => (hasHiddenCharacters(value) ? 'control-characters' : null),
};

/** Runs one named check over a value that is not empty. */
export function validate(name: ValidatorName, value: string, context: ValidationContext): ProblemCode | null {
  return checks[name](value, context);
}

/** Everything that is wrong with one field; the first problem only, since one at a time is what a visitor can mend. */
export function checkField(field: FieldDefinition, value: string, context: ValidationContext): ProblemCode | null {
  if (value.trim() === '') return field.required ? 'missing' : null;
  if ([...value].length > field.maxLength) return 'too-long';
  if (hasHiddenCharacters(value)) return 'control-characters';
  if (field.kind === 'digits' && !/^\d+$/.test(value)) return 'not-digits';
  if (field.kind === 'choice' && !field.choices?.some((choice) => choice.id === value)) return 'not-a-choice';
  if (field.kind === 'date' && !isRealDate(value)) return 'date-form';
  for (const name of field.validators) {
    const problem = validate(name, value, context);
    if (problem !== null) return problem;
  }
  return null;
}

/** Checks a whole form. Values of unknown fields are dropped, so that nothing unasked travels on. */
export function checkForm(
  fields: readonly FieldDefinition[],
  values: FormValues,
  context: ValidationContext,
): { ok: true; values: FormValues } | { ok: false; problems: Record<string, ProblemCode>; values: FormValues } {
  const kept: FormValues = {};
  const problems: Record<string, ProblemCode> = {};
  let stops = false;
  for (const field of fields) {
    const value = (values[field.id] ?? '').normalize('NFC').trim();
    kept[field.id] = value;
    const problem = checkField(field, value, context);
    if (problem === null || doubts.has(problem)) continue;
    problems[field.id] = problem;
    stops = true;
  }
  return stops ? { ok: false, problems, values: kept } : { ok: true, values: kept };
}

/** Whether `YYYY-MM-DD` names a day that exists. */
export function isRealDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days && year >= 1850;
}

/** GB 11643: weights and check characters of an 18-character identity number. */
const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The check character (GB 11643) of the first 17 digits of an identity number. */
export function idCheckCharacter(first17: string): string {
  const sum = idWeights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return '10X98765432'[sum % 11] ?? '';
}

function checkIdNumber(value: string): ProblemCode | null {
  const number = value.toUpperCase();
  // A foreigner's 2017 card: three letters and twelve digits, of which only the form is public.
  if (/^[A-Z]{3}\d{12}$/.test(number)) return null;
  if (number.length !== 18) return 'id-length';
  if (!/^\d{17}[\dX]$/.test(number)) return 'id-form';
  if (!isRealDate(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`)) return 'id-date';
  return idCheckCharacter(number.slice(0, 17)) === number[17] ? null : 'id-check';
}

/** GB 32100: the alphabet leaves out I, O, S, V and Z. */
const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function checkCreditCode(value: string): ProblemCode | null {
  const code = value.toUpperCase();
  if (code.length !== 18 || [...code].some((character) => !creditAlphabet.includes(character)))
    return 'credit-code-form';
  let sum = 0;
  let weight = 1;
  for (const character of code.slice(0, 17)) {
    sum += creditAlphabet.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return creditAlphabet[(31 - (sum % 31)) % 31] === code[17] ? null : 'credit-code-check';
}

/** ISO/IEC 7812 (Luhn). */
function checkBankCard(value: string): ProblemCode | null {
  const digits = value.replaceAll(' ', '');
  if (!/^\d{16,19}$/.test(digits)) return 'bank-card-length';
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return sum % 10 === 0 ? null : 'bank-card-check';
}

/** Control, zero-width and direction-changing characters: nothing a visitor can have meant to type. */
function hasHiddenCharacters(value: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(value.replaceAll('\n', ''));
}
