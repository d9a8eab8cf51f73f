import { Select } from 'antd';
import { Link } from 'react-router';
import { useCheckups } from '@/api/queries/tagLife';
import type { TagCheckup } from '@/api/shapes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { oneOf, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { isMark } from './CheckupPanel';
import { verdictOf, VerdictMark, verdicts } from './VerdictMark';

const schema = { verdict: oneOf(['all', ...verdicts] as const, 'all') };

/** All tags by their nine marks, the worst first. */
export default function TagCheckups() {
  const { t } = useText('tagLife', 'tags');
  const format = useFormats();
  const [{ verdict }, set] = useUrlState(schema);
  const checkups = useCheckups(useLanguage());
  const columns = useColumns();
  const told = checkups.data;
  const count = (wanted: string) => format.int(told?.tags.filter(({ worst }) => worst === wanted).length);
  return (
    <>
      <PageHeader
        above={<Link to="/profile/tags">{t('tags:title')}</Link>}
        title={t('checkup.title')}
        purpose={told && t('checkup.purpose', { n: format.int(told.tags.length), bad: count('bad'), look: count('look') })}
        freshness={<Freshness computed={told?.computed} call={{ path: '/api/tag-checkups' }} command="qianmian tag checkup" />}
      />
      <Panel flush>
        <Answer of={checkups} rows={14}>
          {({ tags }) => {
            const rows = tags.filter(({ worst }) => verdict === 'all' || worst === verdict);
            return (
              <DataTable
                name="tag-checkups"
                caption={t('checkup.title')}
                columns={columns}
                rows={rows}
                rowKey={(tag) => tag.name}
                tools={
                  <>
                    <Select
                      aria-label={t('checkup.filter')}
                      value={verdict}
                      popupMatchSelectWidth={false}
                      onChange={(next) => set({ verdict: next })}
                      options={(['all', ...verdicts] as const).map((value) => ({ value, label: value === 'all' ? t('checkup.allVerdicts') : t(`verdict.${value}`) }))}
                    />
                    <span className="muted number">{t('checkup.found', { count: rows.length })}</span>
                  </>
                }
              />
            );
          }}
        </Answer>
      </Panel>
    </>
  );
}

function useColumns(): Column<TagCheckup>[] {
  const { t } = useText('tagLife', 'tags');
  const { title } = useWords();
  const wrong = ({ marks }: TagCheckup) => marks.filter(({ verdict }) => verdict === 'bad' || verdict === 'look');
  return [
    {
      key: 'title',
      title: t('tags:column.title'),
      render: (tag) => (
        <>
          <Link to={`/profile/tags/${tag.name}`}>{title(tag)}</Link> <span className="code muted">{tag.name}</span>
        </>
      ),
    },
    {
      key: 'worst',
      title: t('checkup.filter'),
      render: ({ worst }) => <VerdictMark verdict={verdictOf(worst)}>{t(`verdict.${verdictOf(worst)}`)}</VerdictMark>,
    },
    {
      key: 'problems',
      title: t('checkup.problems'),
      render: (tag) => (
        <ul className="problems">
          {wrong(tag).map(({ name, verdict, value, advice }) => (
            <li key={name}>
              <VerdictMark verdict={verdictOf(verdict)}>{isMark(name) ? t(`mark.${name}`) : name}</VerdictMark> {value}
              {advice && <span className="muted"> · {advice}</span>}
            </li>
          ))}
        </ul>
      ),
    },
  ];
}
