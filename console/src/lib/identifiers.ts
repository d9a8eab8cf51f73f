import type { Identifier } from '@/api/shapes';

/** What an identifier is called, with or without since when it is theirs. */
export type Name = Pick<Identifier, 'namespace' | 'value'>;

const strength = [
  'user_id',
  'wechat_unionid',
  'phone',
  'email',
  'weibo_uid',
  'douyin_openid',
  'xiaohongshu_uid',
  'kuaishou_openid',
  'taobao_nick',
  'jd_pin',
  'anonymous_id',
  'device',
];

/** Names of a person, the strongest first; an order number says least. */
export function strongestFirst<T extends Name>(identifiers: readonly T[]): T[] {
  return identifiers.toSorted((one, other) => strengthOf(one) - strengthOf(other));
}

/** Rank of an identifier's kind; 0 is the strongest. */
export function strengthOf({ namespace }: Pick<Name, 'namespace'>): number {
  const at = strength.indexOf(namespace);
  return at < 0 ? strength.length : at;
}
