import { useText } from '@/i18n/text';
import type { Profile, Tag } from '@/api/shapes';
import { byFamily } from '@/ui/TagFamily/family';
import { Panel } from '@/ui/Panel/Panel';
import { TagRow } from './TagRow';
import '@/ui/TagFamily/tagFamily.css';
import './tagWall.css';

interface Props {
  profile: Profile;
  tags: readonly Tag[];
  onWhy(tag: string): void;
  className: string;
}

/** Everything that is said of a person, by family, each with its value, its evidence and its age. */
export function TagWall({ profile, tags, onWhy, className }: Props) {
  const { t } = useText('people');
  const told = profile.tags.filter(({ value }) => value !== null);
  const silent = profile.tags.length - told.length;
  return (
    <Panel
      className={className}
      flush
      title={t('wall.title')}
      note={silent > 0 ? t('wall.note', { told: told.length, silent }) : t('wall.all', { told: told.length })}
    >
      <table className="wall">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('wall.tag')}</th>
            <th scope="col">{t('wall.value')}</th>
            <th scope="col">{t('wall.evidence')}</th>
            <th scope="col">{t('wall.age')}</th>
          </tr>
        </thead>
        {byFamily(told).map(([family, members]) => (
          <tbody key={family} data-family={family}>
            <tr>
              <th scope="rowgroup" colSpan={4} className="wall-family">
                {t(`family.${family}`)}
              </th>
            </tr>
            {members.map((value) => (
              <TagRow key={value.name} value={value} tag={tags.find((tag) => tag.name === value.name)} onWhy={() => onWhy(value.name)} />
            ))}
          </tbody>
        ))}
      </table>
    </Panel>
  );
}
