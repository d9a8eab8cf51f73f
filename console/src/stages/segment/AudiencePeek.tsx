import { useAudience } from '@/api/queries/savedAudiences';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Insight } from '@/ui/Insight/Insight';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Answer } from '@/ui/StateView/Answer';
import { AudienceFacts } from './AudienceFacts';

/** A saved audience at a glance, beside the list; none if there is no such number. */
export function AudiencePeek({ audience, onClose }: { audience: number; onClose(): void }) {
  const { t } = useText('audiences', 'people');
  const open = audience > 0;
  const saved = useAudience(audience, { enabled: open });
  return (
    <DetailDrawer open={open} title={<bdi>{open ? saved.data?.name : ''}</bdi>} onClose={onClose}>
      {open && (
        <Answer of={saved} rows={8}>
          {(one) => (
            <div className="stack">
              <div className="row wrap">
                <LinkButton type="primary" to={`/segment/audiences/${one.audience}`}>
                  {t('openPage')}
                </LinkButton>
                <LinkButton to={`/segment/compare?${new URLSearchParams({ first: one.condition })}`}>{t('compare.open')}</LinkButton>
              </div>
              <AudienceFacts audience={one} count />
              <section className="drawer-part">
                <h3>{t('people:insight.title')}</h3>
                <Insight condition={one.condition} />
              </section>
            </div>
          )}
        </Answer>
      )}
    </DetailDrawer>
  );
}
