/** The page of an item; its names stand in the query, where any character may. */
export function itemPath({ source, item_id }: { source: string; item_id: string }): string {
  return `/collect/goods/item?${new URLSearchParams({ source, item: item_id })}`;
}
