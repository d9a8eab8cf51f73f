import { Tooltip } from 'antd';
import { Link } from 'react-router';
import { useWords } from '@/i18n/words';
import { strongestFirst, type Name } from '@/lib/identifiers';
import './personLink.css';

interface Props {
  person: string;
  identifiers?: readonly Name[];
}

/** A person by id, with the strongest of their masked names beside it. */
export function PersonLink({ person, identifiers = [] }: Props) {
  const { word } = useWords();
  const [strongest, ...others] = strongestFirst(identifiers);
  return (
    <span className="person">
      <Link to={`/profile/people/${person}`} className="code">
        {person}
      </Link>
      {strongest && (
        <Tooltip title={others.map((one) => `${word('namespace', one.namespace)} ${one.value}`).join(' · ') || undefined}>
          <span className="person-name">
            {word('namespace', strongest.namespace)} {strongest.value}
          </span>
        </Tooltip>
      )}
    </span>
  );
}
