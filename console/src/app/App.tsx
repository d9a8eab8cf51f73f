import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { queryClient } from '@/api/queryClient';
import { AppearanceProvider } from '@/theme/appearance';
import { ComponentProvider } from './ComponentProvider';
import { router } from './routes';

export function App() {
  useAskedAnew();
  return (
    <QueryClientProvider client={queryClient}>
      <AppearanceProvider>
        <ComponentProvider>
          <RouterProvider router={router} />
        </ComponentProvider>
      </AppearanceProvider>
    </QueryClientProvider>
  );
}

// What the server says in words belongs to the language in which it was asked.
function useAskedAnew() {
  const { i18n } = useTranslation();
  useEffect(() => {
    const ask = () => void queryClient.invalidateQueries();
    i18n.on('languageChanged', ask);
    return () => i18n.off('languageChanged', ask);
  }, [i18n]);
}
