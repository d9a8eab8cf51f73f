import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useForgetPattern, useKeepPattern, useTagPattern } from '@/api/queries/patterns';
import type { Pattern } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { flag, useUrlState } from '@/lib/urlState';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Failure } from '@/ui/StateView/Answer';
import { SaveAudience } from '../SaveAudience';

const LONGEST_NAME = 200;
const schema = { save: flag(), keep: flag() };

/** What is made of a pattern: an audience, a tag, and of a mined one a pattern with a name. */
export function PatternActions({ pattern }: { pattern: Pattern }) {
  const { t } = useText('patterns');
  const navigate = useNavigate();
  const [{ save, keep }, set] = useUrlState(schema);
  const [audience, setAudience] = useState<number>();
  const forget = useForgetPattern();
  return (
    <>
      {audience ? (
        <LinkButton type="primary" to={`/segment/audiences/${audience}`}>
          {t('audience')}
        </LinkButton>
      ) : (
        <Button type="primary" onClick={() => set({ save: true })}>
          {t('saveAudience')}
        </Button>
      )}
      <MakeTag pattern={pattern.pattern} />
      {pattern.origin === 'mined' && <Button onClick={() => set({ keep: true })}>{t('keep')}</Button>}
      {pattern.origin === 'kept' && (
        <Button
          loading={forget.isPending}
          onClick={() => forget.mutate(pattern.pattern, { onSuccess: () => void navigate('/segment/patterns') })}
        >
          {t('forget')}
        </Button>
      )}
      {forget.error && <Failure error={forget.error} />}
      <Keep pattern={pattern.pattern} open={keep} onClose={() => set({ keep: false })} />
      <SaveAudience
        open={save}
        condition={pattern.condition}
        onClose={(saved) => {
          setAudience(saved?.audience);
          set({ save: false });
        }}
      />
    </>
  );
}

function MakeTag({ pattern }: { pattern: string }) {
  const { t } = useText('patterns');
  const tag = useTagPattern();
  if (tag.data) {
    return (
      <LinkButton to={`/profile/tags/${tag.data.tag}/edit`} title={t('tagWaits')}>
        {t('tag')}
      </LinkButton>
    );
  }
  return (
    <>
      <Button loading={tag.isPending} onClick={() => tag.mutate(pattern)}>
        {t('makeTag')}
      </Button>
      {tag.error && <Failure error={tag.error} />}
    </>
  );
}

function Keep({ pattern, open, onClose }: { pattern: string; open: boolean; onClose(): void }) {
  const { t } = useText('patterns');
  const navigate = useNavigate();
  const keep = useKeepPattern();
  const finish = ({ name }: { name: string }) =>
    keep.mutate({ pattern, name }, { onSuccess: (kept) => void navigate(`/segment/patterns/k${kept.pattern}`) });
  return (
    <DetailDrawer open={open} title={t('keep')} onClose={onClose}>
      <Form layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item name="name" label={t('keepName')} rules={[{ required: true, whitespace: true, message: t('keepNeeded') }]}>
          <Input dir="auto" maxLength={LONGEST_NAME} />
        </Form.Item>
        {keep.error && <Failure error={keep.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t('keep')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}
