import { chineseOrder } from './format';

// In the order of pinyin, the first character of each initial; no syllable begins with i, u or v.
const initials = 'abcdefghjklmnopqrstwxyz';
const firsts =
  '\u963f\u516b\u5693\u54d2\u59b8\u53d1\u65ee\u54c8\u8ba5\u5494\u5783\u75f3\u62cf\u5662\u5991\u4e03\u5465\u6254\u5b83\u7a75\u5915\u4e2b\u5e00';
const han = /\p{Script=Han}/u;

/**
 * The initials under which a Chinese word is typed, Latin letters and digits as they are.
 *
 * The browser's own order of characters tells them, so that no table is loaded; a character of two readings has one here.
 */
export function pinyinInitials(text: string): string {
  return Array.from(text.toLowerCase(), (sign) => (han.test(sign) ? initial(sign) : /[a-z0-9]/.test(sign) ? sign : '')).join('');
}

/** Whether what somebody types fits one of some words: a part of it, or the beginning of some of its initials. */
export function isFound(typed: string, ...words: readonly string[]): boolean {
  const wanted = typed.trim().toLowerCase();
  return words.some((word) => word.toLowerCase().includes(wanted) || pinyinInitials(word).includes(wanted));
}

function initial(sign: string): string {
  let at = initials.length - 1;
  while (at > 0 && chineseOrder(firsts.charAt(at), sign) > 0) at--;
  return initials.charAt(at);
}
