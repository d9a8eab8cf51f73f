import { Input } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  value: string;
  /** Whether what is typed is a number of the wanted kind. */
  isSound: boolean;
  onChange(value: string): void;
  prefix?: ReactNode;
  placeholder?: string;
  isWide?: boolean;
}

/** A number, kept digit for digit; full-width digits are read like the usual ones. */
export function NumberBox({ label, value, isSound, onChange, prefix, placeholder, isWide = false }: Props) {
  const isWrong = value !== '' && !isSound;
  return (
    <Input
      className={isWide ? 'build-amount' : 'build-number'}
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-invalid={isWrong}
      status={isWrong ? 'error' : undefined}
      prefix={prefix}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value.normalize('NFKC').trim())}
    />
  );
}
