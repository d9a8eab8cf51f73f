import { ApartmentOutlined, TeamOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useText } from '@/i18n/text';
import type { Profile, Tag } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import { strongestFirst } from '@/lib/identifiers';
import { IdChip, PersonId } from '@/ui/IdChip/IdChip';
import { Stat, Stats } from '@/ui/Stat/Stat';

const headlines = ['lifecycle', 'rfm', 'orders_total', 'net_revenue', 'average_order', 'last_seen_at', 'first_seen_at'];

interface Props {
  profile: Profile;
  tags: readonly Tag[];
  /** Asks why these names are one person. */
  onIdentity(): void;
  /** Asks to whom this person is tied. */
  onTies(): void;
}

/** The names of a person and what matters most about them. */
export function PersonHead({ profile, tags, onIdentity, onTies }: Props) {
  const { t } = useText('people', 'identity', 'ties');
  const { title, tagValue } = useWords();
  const shown = headlines.flatMap((name) => {
    const told = profile.tags.find((tag) => tag.name === name);
    return told ? [{ told, tag: tags.find((tag) => tag.name === name) }] : [];
  });
  return (
    <>
      <ul className="row wrap" aria-label={t('id.label')}>
        <li>
          <PersonId person={profile.person} />
        </li>
        {strongestFirst(profile.identifiers).map((identifier) => (
          <li key={`${identifier.namespace}:${identifier.value}`}>
            <IdChip identifier={identifier} />
          </li>
        ))}
        <li>
          <Button size="small" icon={<ApartmentOutlined />} onClick={onIdentity}>
            {t('identity:open')}
          </Button>
        </li>
        <li>
          <Button size="small" icon={<TeamOutlined />} onClick={onTies}>
            {t('ties:open')}
          </Button>
        </li>
      </ul>
      <Stats>
        {shown.map(({ told, tag }) => (
          <Stat key={told.name} label={title(told)} value={<span className="head-value">{tagValue(tag, told.value)}</span>} />
        ))}
      </Stats>
    </>
  );
}
