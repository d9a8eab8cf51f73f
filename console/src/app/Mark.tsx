/** The sign of the product: one face out of many. */
export function Mark({ size = 22 }: { size?: number }) {
  return <img src="/favicon.svg" width={size} height={size} alt="" />;
}
