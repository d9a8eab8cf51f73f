import { useState } from 'react';

/** Whether something was ever so: once shown it stays mounted, so that it can close gently and give the focus back. */
export function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}
