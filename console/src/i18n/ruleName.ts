import { useTranslation } from 'react-i18next';
import { useLanguage } from './place';

/** What people call a cleaning rule, or traffic with its reason: why an event is flagged. */
export function useRuleName(): (rule: string) => string {
  const { i18n } = useTranslation();
  const language = useLanguage();
  const { rule: names } = i18n.getResourceBundle(language, 'quality') as { rule: Record<string, string> };
  return (rule) => {
    const [kind = rule, reason] = rule.split('.');
    const name = (Object.hasOwn(names, kind) ? names[kind] : undefined) ?? kind;
    return reason ? `${name} · ${reason}` : name;
  };
}
