// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { ApiError } from './api/client';
import { App } from './App';
import './theme.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      // What is refused is refused again; only a server that was away is asked once more.
      retry: (times, failure) =>
        times < 2 && failure instanceof ApiError && (failure.problem.status === 0 || failure.problem.status === 503),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Router base="/w">
        <App />
      </Router>
    </QueryClientProvider>
  </StrictMode>,
);
