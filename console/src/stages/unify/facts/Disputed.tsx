import { useDisputed } from '@/api/queries/facts';
import type { Trait } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Statements } from '@/ui/Statements/Statements';

/** A confidence is told as a share of so many, so that it always shows as a percentage. */
const WHOLE = 1000;

/** The people whose trait is disputed, the least certain first, with who said what. */
export function Disputed({ trait, onClose }: { trait: string; onClose(): void }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const disputed = useDisputed(trait);
  return (
    <DetailDrawer open={trait !== ''} wide title={t('disputedOf', { trait: word('trait', trait) })} onClose={onClose}>
      <Answer of={disputed} rows={12}>
        {({ pages }) => {
          const [first] = pages;
          if (!first || first.total === 0) return <StateView case="new" title={t('noneDisputed')} words={t('noneDisputedWords')} />;
          const people = pages.flatMap((page) => page.people);
          return (
            <div className="stack">
              {people[0]?.sensitive && <p className="muted">{t('hidden')}</p>}
              {people.map((one) => (
                <OnePerson key={one.person} of={one} />
              ))}
              <MoreRows shown={people.length} total={first.total} query={disputed} />
              <Freshness computed={first.computed} call={{ path: `/api/facts/disputed/${trait}` }} command={`qianmian facts disputed ${trait}`} />
            </div>
          );
        }}
      </Answer>
    </DetailDrawer>
  );
}

function OnePerson({ of: one }: { of: Trait }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const format = useFormats();
  const likely = { confidence: format.share(one.confidence * WHOLE, WHOLE), supporting: one.supporting, speaking: one.speaking };
  return (
    <section className="facts-person">
      <div className="row wrap">
        <PersonLink person={one.person} />
        <strong>{one.sensitive ? null : word('traitValue', one.value)}</strong>
        <span className="muted">{t('confidence', likely)}</span>
      </div>
      <Statements caption={one.person} said={one.statements} hidden={one.sensitive} />
    </section>
  );
}
