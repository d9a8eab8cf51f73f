import { CodeOutlined } from '@ant-design/icons';
import { useText } from '@/i18n/text';
import type { Computed } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { Copy } from '@/ui/Copy/Copy';
import { Popup } from '@/ui/Popup/Popup';
import { When } from '@/ui/Values/Values';
import { curl, type Call } from './call';
import './freshness.css';

interface Props {
  computed?: Computed | null;
  /** The call whose answer the page shows. */
  call: Call;
  /** The command that tells the same. */
  command?: string;
}

/** When what is shown was computed, and the call and command that give the same. */
export function Freshness({ computed, call, command }: Props) {
  const { t } = useText();
  return (
    <div className="freshness">
      {computed && (
        <span>
          {t('freshness.computed')} <When at={computed.computed_at} />
        </span>
      )}
      <Popup content={<Reproduce computed={computed} call={call} command={command} />}>
        <button type="button" className="plain-button freshness-how">
          <CodeOutlined aria-hidden /> {t('freshness.how')}
        </button>
      </Popup>
    </div>
  );
}

function Reproduce({ computed, call, command }: Props) {
  const { t } = useText();
  const format = useFormats();
  return (
    <div className="reproduce">
      {computed && (
        <dl className="reproduce-facts">
          <dt>{t('freshness.at')}</dt>
          <dd>{format.stamp(computed.computed_at)}</dd>
          <dt>{t('freshness.today')}</dt>
          <dd>{format.date(computed.today)}</dd>
          <dt>{t('freshness.build')}</dt>
          <dd>{computed.build}</dd>
          <dt>{t('freshness.snapshot')}</dt>
          <dd className="code">{computed.snapshot}</dd>
        </dl>
      )}
      <Snippet title={t('freshness.api')} text={curl(call, location.origin)} />
      {command && <Snippet title={t('freshness.cli')} text={command} />}
      <p className="muted">{t('freshness.token')}</p>
    </div>
  );
}

function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <div className="snippet">
      <div className="row spread">
        <strong>{title}</strong>
        <Copy text={text} />
      </div>
      <pre>{text}</pre>
    </div>
  );
}
