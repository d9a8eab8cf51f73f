export type Moment = 'money' | 'back' | 'social' | 'service' | 'plain';

const moments: [RegExp, Moment][] = [
  [/^(Order (Completed|Delivered)|Deposit Paid)$/, 'money'],
  [/^(Order (Refunded|Cancelled)|Payment Failed)$/, 'back'],
  [/^(Post|User Followed|Live|Group Buy|Invite|Reward|Chat|Review)/, 'social'],
  [/^(Service|Ticket|Survey)/, 'service'],
];

/** What kind of moment an event is: orders stand out in a long day of looking. */
export function moment(name: string): Moment {
  return moments.find(([pattern]) => pattern.test(name))?.[1] ?? 'plain';
}
