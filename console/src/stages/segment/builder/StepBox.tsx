import { CloseOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { ClauseBox } from './ClauseBox';
import { changed, emptyClause, without, type Step } from './draft';
import { EventSelect } from './EventSelect';

interface Props {
  step: Step;
  onChange(step: Step): void;
  before?: ReactNode;
  children?: ReactNode;
  after?: ReactNode;
}

/** An event and what holds of it: all filters on one and the same product. */
export function StepBox({ step, onChange, before, children, after }: Props) {
  const { t } = useText('builder');
  const { filters } = step;
  const keep = (next: typeof filters) => onChange({ ...step, filters: next });
  return (
    <>
      <div className="build-line">
        {before}
        <EventSelect value={step.event} onChange={(event) => onChange({ ...step, event })} />
        {children}
        <button type="button" className="plain-button build-add" aria-label={t('filter.add')} onClick={() => keep([...filters, emptyClause()])}>
          {t('filter.add')}
        </button>
        {after}
      </div>
      {filters.length > 0 && (
        <ul className="build-filters">
          {filters.map((filter, at) => (
            <li key={filter.id} className="build-line">
              <span className="build-where muted">{t(at === 0 ? 'filter.where' : 'filter.and')}</span>
              <ClauseBox isFilter clause={filter} onChange={(next) => keep(changed(filters, next))} />
              <button type="button" className="plain-button build-remove" aria-label={t('filter.remove')} onClick={() => keep(without(filters, filter.id))}>
                <CloseOutlined />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
