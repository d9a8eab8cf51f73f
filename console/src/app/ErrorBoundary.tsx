import { Component, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { StateView } from '@/ui/StateView/StateView';

interface Props {
  children: ReactNode;
}

/** A fault of one screen stays on this screen. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Fault /> : this.props.children;
  }
}

function Fault() {
  const { t } = useText('states');
  return <StateView case="error" what={t('fault.what')} hint={t('fault.hint')} onRetry={() => location.reload()} />;
}
