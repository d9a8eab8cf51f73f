/** The page of an item. */
export function itemPath({ source, item_id }: { source: string; item_id: string }): string {
  return `/collect/goods/${encodeURIComponent(source)}/${encodeURIComponent(item_id)}`;
}
