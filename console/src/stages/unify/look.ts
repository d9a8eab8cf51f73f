import { oneOf, text } from '@/lib/urlState';
import { COUNTED, type CountedKind } from './fields';

/** Whose bad events are looked at. */
export interface Look {
  source: string;
  field: string;
  kind: CountedKind;
}

/** How that stands in the address. */
export const lookSchema = { look: oneOf(['', ...COUNTED] as const, ''), of: text(), at: text() };

/** Which field's filled values are looked at. */
export const fillSchema = { fill: text() };

/** Which rule's events are looked at, of which source and field. */
export const ruleSchema = { rule: text(), of: text(), at: text() };
