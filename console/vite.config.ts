import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../src/qianmian/http/dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy of the pages allows no data: address
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Only what is large and changes together; antd is split by page.
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/ },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            // Small pieces that nearly every page needs: one request instead of thirty.
            { name: 'shared', test: /src[\\/](api|lib|theme|ui[\\/](?!Declaration|DetailDrawer|PeopleDrawer|PersonPeek|Insight|ExportPeople|CompareTable))|@ant-design[\\/]icons/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.QIANMIAN_API ?? 'http://127.0.0.1:8765' } },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
