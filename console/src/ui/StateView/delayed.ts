import { useEffect, useState } from 'react';

/** Whether so many milliseconds have gone by since this appeared. */
export function useDelayed(milliseconds: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}
