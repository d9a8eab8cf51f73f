import { useEffect, useRef, useState } from 'react';

/** A value that is told anew at most every so often, the last one always: what is read aloud must not run away. */
export function useCalm<T>(value: T, milliseconds: number): T {
  const [told, setTold] = useState(value);
  const toldAt = useRef(-Infinity);
  useEffect(() => {
    const wait = Math.max(0, toldAt.current + milliseconds - performance.now());
    const timer = setTimeout(() => {
      toldAt.current = performance.now();
      setTold(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return told;
}
