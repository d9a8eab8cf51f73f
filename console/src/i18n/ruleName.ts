import { useWords } from './words';

/** What people call a cleaning rule, or traffic with its reason: why an event is flagged. */
export function useRuleName(): (rule: string) => string {
  const { word } = useWords();
  return (rule) => {
    const [kind = rule, reason] = rule.split('.');
    return reason ? `${word('flag', kind)} · ${word('traffic', reason)}` : word('flag', kind);
  };
}
