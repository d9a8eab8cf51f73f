import { useState } from 'react';
import { useText } from '@/i18n/text';
import type { Profile, Tag, TagValue } from '@/api/shapes';
import { byFamily, type Family } from '@/ui/TagFamily/family';
import { Panel } from '@/ui/Panel/Panel';
import { TagRow } from './TagRow';
import '@/ui/TagFamily/tagFamily.css';
import './tagWall.css';

/** Of each family; the rest comes when it is asked for. */
const SHOWN_FIRST = 6;

interface Props {
  profile: Profile;
  tags: readonly Tag[];
  onWhy(tag: string): void;
  className: string;
}

/** Everything that is said of a person, by family, each with its value, its evidence and its age. */
export function TagWall({ profile, tags, onWhy, className }: Props) {
  const { t } = useText('people');
  const told = profile.tags.filter(({ value }) => value !== null).map((value) => ({ ...tags.find(({ name }) => name === value.name), ...value }));
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
          <WallFamily key={family} family={family} members={members} tags={tags} onWhy={onWhy} />
        ))}
      </table>
    </Panel>
  );
}

interface OfFamily extends Pick<Props, 'tags' | 'onWhy'> {
  family: Family;
  members: readonly TagValue[];
}

function WallFamily({ family, members, tags, onWhy }: OfFamily) {
  const { t } = useText('people');
  const [isWhole, setWhole] = useState(false);
  // What says something of a person stands before what counts nothing.
  const ordered = [...members.filter((one) => !isNothing(one)), ...members.filter(isNothing)];
  const hidden = ordered.length - SHOWN_FIRST;
  return (
    <tbody data-family={family}>
      <tr>
        <th scope="rowgroup" colSpan={4} className="wall-family">
          {t(`family.${family}`)}
        </th>
      </tr>
      {(isWhole ? ordered : ordered.slice(0, SHOWN_FIRST)).map((value) => (
        <TagRow key={value.name} value={value} tag={tags.find((tag) => tag.name === value.name)} onWhy={() => onWhy(value.name)} />
      ))}
      {hidden > 0 && (
        <tr>
          <td colSpan={4} className="wall-more">
            <button type="button" className="plain-button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
              {isWhole ? t('wall.fewer') : t('wall.more', { count: hidden, n: hidden })}
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function isNothing({ value, evidence }: TagValue): boolean {
  return evidence?.rows === 0 || Number(value) === 0;
}
