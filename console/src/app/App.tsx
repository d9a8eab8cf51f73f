import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router';
import { queryClient } from '@/api/queryClient';
import { AppearanceProvider } from '@/theme/appearance';
import { ComponentProvider } from './ComponentProvider';
import { router } from './routes';

export function App() {
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
