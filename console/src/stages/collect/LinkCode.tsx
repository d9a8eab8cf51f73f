import { qrPath } from '@/api/queries/links';
import type { CountedLink } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { Copy } from '@/ui/Copy/Copy';
import { Facts } from '@/ui/Facts/Facts';
import { When } from '@/ui/Values/Values';
import './links.css';

/** What is handed out of a link: its address and QR code, and where they lead. */
export function LinkCode({ link }: { link: CountedLink }) {
  const { t } = useText('links');
  const words = Object.entries(link.words).map(([name, word]) => `${name}=${word}`);
  return (
    <div className="link-code">
      <img className="link-qr" src={qrPath(link.code, 'svg')} alt={t('qr', { code: link.code })} />
      <div className="stack">
        <Facts
          facts={[
            [
              t('address'),
              <span key="address" className="link-address">
                <code>{link.address}</code> <Copy text={link.address} />
              </span>,
            ],
            [t('column.target'), <bdi key="target" className="link-address">{link.target}</bdi>],
            [t('words'), words.length > 0 ? <code key="words" className="link-address">{words.join(' ')}</code> : NONE],
            [t('column.created'), <When key="created" at={link.created_at} as="minute" />],
            [t('state'), link.disabled_at ? t('disabled') : t('leads')],
          ]}
        />
        {link.address.startsWith('http://127.') && <p className="muted">{t('local')}</p>}
        <div className="row">
          {(['svg', 'png'] as const).map((picture) => (
            <a key={picture} href={qrPath(link.code, picture)} download={`${link.code}.${picture}`}>
              {t('download', { picture: picture.toUpperCase() })}
            </a>
          ))}
        </div>
      </div>
    </div>
  );
}
