import { CheckOutlined, WarningOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { SourceHealth } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Num, When } from '@/ui/Values/Values';
import './sources.css';

const parts = ['stored', 'duplicates', 'skipped', 'refused', 'waiting'] as const;

/** Every event that was acknowledged is exactly one of these: the sum is shown, and checked. */
export function Conservation({ of }: { of: SourceHealth }) {
  const { t } = useText('sources');
  const balanced = of.received === parts.reduce((sum, part) => sum + of[part], 0);
  return (
    <div className="sum">
      <Part name="received" label={t('one.received')} value={of.received} />
      {parts.map((part, at) => (
        <Signed key={part} sign={at === 0 ? '=' : '+'}>
          <Part
            name={part}
            label={part === 'stored' && of.environment === 'dev' ? t('one.checked') : t(`one.${part}`)}
            value={of[part]}
          />
        </Signed>
      ))}
      {of.waiting_since && (
        <span className="sum-note">
          {t('one.waitingSince')} <When at={of.waiting_since} />
        </span>
      )}
      <span className="sum-balance" data-broken={balanced ? undefined : ''}>
        {balanced ? <CheckOutlined aria-hidden /> : <WarningOutlined aria-hidden />} {balanced ? t('one.balanced') : t('one.unbalanced')}
      </span>
    </div>
  );
}

function Signed({ sign, children }: { sign: string; children: ReactNode }) {
  return (
    <>
      <span className="sum-sign" aria-hidden>
        {sign}
      </span>
      {children}
    </>
  );
}

function Part({ name, label, value }: { name: string; label: string; value: number }) {
  return (
    <dl className="sum-part" data-part={name}>
      <dt>{label}</dt>
      <dd data-zero={value === 0 ? '' : undefined}>
        <Num value={value} />
      </dd>
    </dl>
  );
}
