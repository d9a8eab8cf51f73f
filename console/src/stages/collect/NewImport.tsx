import { Button, Checkbox, Input, Upload } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Link, useNavigate } from 'react-router';
import { useImport, usePreview } from '@/api/queries/imports';
import { useFormats } from '@/i18n/place';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Failure } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Outcome } from './Outcome';
import { Preview } from './Preview';
import './newImport.css';

const SAMPLE = `source: shop
grain: event
event:
  event_id: order_no
  name: {value: Order Completed}
  occurred_at: paid_at
  order_id: order_no
  total: total
identifiers:
  user_id: member_no
  phone: mobile
`;

/** A file and what its columns mean: first seen, then tried, then imported. */
export default function NewImport() {
  const { t } = useText('imports');
  const format = useFormats();
  const navigate = useNavigate();
  const [file, setFile] = useState<File>();
  const [mapping, setMapping] = useState('');
  const [backfill, setBackfill] = useState(false);
  const preview = usePreview();
  const trial = useImport();
  const real = useImport();
  const ready = file !== undefined && mapping.trim() !== '';

  function change(next: { file?: File; mapping?: string }) {
    if (next.file) setFile(next.file);
    if (next.mapping !== undefined) setMapping(next.mapping);
    preview.reset();
    trial.reset();
    real.reset();
  }

  function look() {
    if (!file) return;
    preview.mutate({ file, mapping });
    trial.mutate({ file, mapping, backfill, dryRun: true });
  }

  function take() {
    if (!file) return;
    real.mutate({ file, mapping, backfill, dryRun: false }, { onSuccess: ({ batch }) => void navigate(`/collect/imports/${batch}`) });
  }

  const failed = preview.error ?? trial.error ?? real.error;
  return (
    <>
      <PageHeader
        above={<Link to="/collect/imports">{t('title')}</Link>}
        title={t('new.title')}
        purpose={t('new.purpose')}
        actions={
          <>
            <Button disabled={!ready} loading={preview.isPending || trial.isPending} onClick={look}>
              {t('new.look')}
            </Button>
            <Button
              type="primary"
              disabled={!trial.data || trial.data.accepted === 0}
              loading={real.isPending}
              onClick={take}
            >
              {trial.data ? t('new.takeRows', { count: trial.data.accepted, n: format.int(trial.data.accepted) }) : t('new.take')}
            </Button>
          </>
        }
      />
      <div className="grid">
        <Panel title={t('new.file')} className="span-5" note="CSV · XLSX · Parquet · JSONL · JSON">
          <Upload.Dragger
            accept=".csv,.xlsx,.parquet,.jsonl,.ndjson,.json"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              change({ file: chosen });
              return false;
            }}
          >
            <p className="ellipsis">{file ? file.name : t('new.drop')}</p>
            <p className="muted">{file ? format.bytes(file.size) : t('new.dropNote')}</p>
          </Upload.Dragger>
          <Checkbox className="new-backfill" checked={backfill} onChange={(event) => setBackfill(event.target.checked)}>
            {t('new.backfill')}
          </Checkbox>
        </Panel>
        <Panel
          title={t('new.mapping')}
          note={t('new.mappingNote')}
          className="span-7"
          actions={
            <Button type="link" onClick={() => change({ mapping: SAMPLE })}>
              {t('new.sample')}
            </Button>
          }
        >
          <Input.TextArea
            className="mapping code"
            aria-label={t('new.mapping')}
            spellCheck={false}
            rows={12}
            value={mapping}
            placeholder={SAMPLE}
            onChange={(event) => change({ mapping: event.target.value })}
          />
        </Panel>
        <div className="span-12 stack">
          {failed && <Failure error={failed} />}
          {trial.data && <Outcome told={trial.data} />}
          {preview.data && <Preview rows={preview.data} />}
          {!failed && !trial.data && !preview.data && (
            <StateView case="new" title={t('new.nothing')} words={t('new.nothingWords')} />
          )}
        </div>
      </div>
    </>
  );
}
