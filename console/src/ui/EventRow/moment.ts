export type Moment = 'money' | 'back' | 'social' | 'service' | 'plain';

const moments: [RegExp, Moment][] = [
  [/^Order (Completed|Delivered)$/, 'money'],
  [/^(Order (Refunded|Cancelled))$/, 'back'],
  [/^(Post|User Followed|Live|Group Buy|Invite|Review)/, 'social'],
  [/^(Service|Survey)/, 'service'],
];

/** What kind of moment an event is: orders stand out in a long day of looking. */
export function moment(name: string): Moment {
  return moments.find(([pattern]) => pattern.test(name))?.[1] ?? 'plain';
}
