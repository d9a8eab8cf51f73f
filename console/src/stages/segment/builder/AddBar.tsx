import { useText } from '@/i18n/text';
import { kinds, type RowKind } from './draft';

interface Props {
  /** Where the key that finds a field goes. */
  isFirst: boolean;
  onAdd(kind: RowKind): void;
}

/** What can be added to a group, one button each. */
export function AddBar({ isFirst, onAdd }: Props) {
  const { t } = useText('builder');
  return (
    <div className="build-bar" role="group" aria-label={t('add')}>
      {kinds.map((kind, at) => (
        <button
          key={kind}
          type="button"
          className="plain-button build-add"
          data-filter={isFirst && at === 0 ? true : undefined}
          aria-label={t('addKind', { kind: t(`kind.${kind}`) })}
          onClick={() => onAdd(kind)}
        >
          {t(`kind.${kind}`)}
        </button>
      ))}
    </div>
  );
}
