import { createContext, lazy, Suspense, use, type ReactNode } from 'react';
import { useSession } from '@/api/queries/session';
import type { Session } from '@/api/shapes';
import { PlaceProvider } from '@/i18n/place';
import { Failure } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';

const SignIn = lazy(() => import('./SignIn'));

const Context = createContext<Session | null>(null);

/** Everything behind it belongs to somebody who is signed in; the address stays while they sign in. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  if (session.isPending) return <StateView case="loading" rows={1} />;
  if (session.error) return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data) {
    return (
      <Suspense fallback={null}>
        <SignIn />
      </Suspense>
    );
  }
  const { shop } = session.data;
  return (
    <Context value={session.data}>
      <PlaceProvider zone={shop.time_zone} currency={shop.currency}>
        {children}
      </PlaceProvider>
    </Context>
  );
}

/** Who is signed in, at which shop. */
export function useSignedIn(): Session {
  const value = use(Context);
  if (!value) throw new Error('useSignedIn stands outside SessionGate');
  return value;
}
