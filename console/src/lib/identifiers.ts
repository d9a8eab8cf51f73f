import type { Identifier } from '@/api/shapes';

const strength = [
  'user_id',
  'wechat_unionid',
  'phone',
  'email',
  'weibo_uid',
  'douyin_openid',
  'xiaohongshu_uid',
  'taobao_nick',
  'anonymous_id',
  'device',
];

/** Names of a person, the strongest first; an order number says least. */
export function strongestFirst(identifiers: readonly Identifier[]): Identifier[] {
  return identifiers.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ namespace }: Identifier): number {
  const at = strength.indexOf(namespace);
  return at < 0 ? strength.length : at;
}
