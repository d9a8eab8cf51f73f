import { Button } from 'antd';
import { useSaveCluster } from '@/api/queries/clusters';
import type { Cluster, ClusterRun } from '@/api/shapes';
import { useFormats, useLanguage } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { Facts } from '@/ui/Facts/Facts';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Refusal } from '@/ui/Refusal/Refusal';

interface Props {
  cluster: Cluster;
  measures: Record<string, ClusterRun['measures'][number]>;
  ofPeople: number;
}

/** One cluster: who they are, by which condition, how far it is to be believed, and one click to keep them. */
export function ClusterCard({ cluster, measures, ofPeople }: Props) {
  const { t } = useText('clusters');
  const format = useFormats();
  const spoken = useLanguage() === 'en' ? 'en' : 'zh';
  const name = cluster[spoken];
  const share = (part: number | null) => (part === null ? NONE : format.percent(part));
  return (
    <Panel title={name} note={cluster.is_new ? t('isNew') : undefined}>
      <div className="stack">
        <Facts
          facts={[
            [t('people'), `${format.int(cluster.people)} (${format.share(cluster.people, ofPeople)})`],
            [
              t('told'),
              cluster.condition ? <PeopleCount key="told" people={cluster.told} condition={cluster.condition} label={name} /> : t('noCondition'),
            ],
            [t('purity'), share(cluster.purity)],
            [t('coverage'), share(cluster.coverage)],
          ]}
        />
        {cluster.condition && <code className="cluster-condition">{cluster.condition}</code>}
        {cluster.values.length > 0 && (
          <ul className="cluster-values" aria-label={t('values')}>
            {cluster.values.map((one) => (
              <li key={one.condition}>
                <PeopleCount people={one.here} condition={one.condition} label={one[spoken]}>
                  <bdi>{one[spoken]}</bdi>
                </PeopleCount>
                {one.tgi !== null && <span className="muted"> TGI {format.int(one.tgi)}</span>}
              </li>
            ))}
          </ul>
        )}
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{t('measure')}</th>
              <th scope="col">{t('typical')}</th>
              <th scope="col">{t('everywhere')}</th>
            </tr>
          </thead>
          <tbody>
            {cluster.centre.map((one) => (
              <tr key={one.tag}>
                <th scope="row">{measures[one.tag]?.[spoken] ?? one.tag}</th>
                <td>{one.missing > 0.5 ? NONE : format.number(one.typical)}</td>
                <td>{format.number(one.everywhere)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {cluster.condition && (
          <div className="row">
            <Save cluster={cluster.cluster} />
          </div>
        )}
      </div>
    </Panel>
  );
}

function Save({ cluster }: { cluster: number }) {
  const { t } = useText('clusters');
  const save = useSaveCluster();
  if (save.data) return <LinkButton to={`/segment/audiences/${save.data.audience}`}>{t('saved')}</LinkButton>;
  return (
    <>
      {save.error && <Refusal error={save.error} />}
      <Button loading={save.isPending} onClick={() => save.mutate(cluster)}>
        {t('save')}
      </Button>
    </>
  );
}
