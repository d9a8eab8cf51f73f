import { useText } from '@/i18n/text';
import './live.css';

/** The environment of a source that is not the ordinary one. */
export function Environment({ of }: { of: string }) {
  const { t } = useText('live');
  return of === 'dev' ? <span className="environment">{t('environment.dev')}</span> : null;
}
