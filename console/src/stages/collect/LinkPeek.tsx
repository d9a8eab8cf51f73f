import type { CountedLink } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { LinkCode } from './LinkCode';

/** A link at a glance, beside the list; none if it is not there. */
export function LinkPeek({ link, onClose }: { link: CountedLink | undefined; onClose(): void }) {
  const { t } = useText('links');
  return (
    <DetailDrawer open={link !== undefined} title={<code>{link?.code}</code>} onClose={onClose}>
      {link && (
        <div className="stack">
          <div className="row">
            <LinkButton type="primary" to={`/collect/links/${link.code}`}>
              {t('openPage')}
            </LinkButton>
          </div>
          <LinkCode link={link} />
        </div>
      )}
    </DetailDrawer>
  );
}
