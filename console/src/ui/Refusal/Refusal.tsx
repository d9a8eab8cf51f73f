import { Alert } from 'antd';
import { ApiError } from '@/api/client';
import { useText } from '@/i18n/text';

interface Props {
  error: Error;
  /** Code of an error: the words that fit this screen better than the server's. */
  instead?: Record<string, string>;
}

/** Why something that was asked for was refused. */
export function Refusal({ error, instead = {} }: Props) {
  const { t } = useText('states');
  const told = error instanceof ApiError && error.status !== 0 ? error : null;
  const better = told ? instead[told.code] : undefined;
  const what = better ?? (told ? told.what || t('error.unexpected') : t('error.unreachable'));
  return <Alert type="error" role="alert" showIcon title={what} description={better ? undefined : told?.hint || undefined} />;
}
