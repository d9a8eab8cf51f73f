import { Link } from 'react-router';
import { useDefinitions } from '@/api/queries/tagDefinitions';
import { useWords } from '@/i18n/words';

/** Tags by their names, each led to. */
export function TagLinks({ names }: { names: readonly string[] }) {
  const { title } = useWords();
  const { data } = useDefinitions();
  const tags = new Map(data?.map(({ tag }) => [tag.name, tag]));
  return (
    <span className="row wrap tag-links">
      {names.map((name) => {
        const tag = tags.get(name);
        return (
          <Link key={name} to={`/profile/tags/${name}`}>
            {tag ? title(tag) : name}
          </Link>
        );
      })}
    </span>
  );
}
