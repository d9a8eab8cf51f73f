import { useText } from '@/i18n/text';
import { familyOf, type Kin } from './family';
import './tagFamily.css';

/** What a tag speaks of, by colour and word. */
export function TagFamily({ tag }: { tag: Kin }) {
  const { t } = useText('people');
  const family = familyOf(tag);
  return (
    <span className="family" data-family={family}>
      {t(`family.${family}`)}
    </span>
  );
}
