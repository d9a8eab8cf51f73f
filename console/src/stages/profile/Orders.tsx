import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { useOrders } from '@/api/queries/people';
import type { Order } from '@/api/shapes';
import { NONE } from '@/lib/format';
import { itemPath } from '@/lib/itemPath';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Money, Num, When } from '@/ui/Values/Values';
import './timeline.css';

/** The orders of a person with what was bought and given back. */
export function Orders({ person }: { person: string }) {
  const { t } = useText('people');
  const orders = useOrders(person);
  return (
    <Answer of={orders} rows={8}>
      {({ pages }) => {
        const listed = pages.flatMap((page) => page.orders);
        if (listed.length === 0) return <StateView case="new" title={t('orders.none')} words={t('orders.noneWords')} />;
        return (
          <>
            <ol>
              {listed.map((order) => (
                <OrderCard key={`${order.source}/${order.order_id}`} order={order} />
              ))}
            </ol>
            <MoreRows shown={listed.length} total={pages[0]?.total ?? 0} query={orders} />
          </>
        );
      }}
    </Answer>
  );
}

function OrderCard({ order }: { order: Order }) {
  const { t } = useText('people');
  return (
    <li className="order">
      <div className="order-head">
        <span>
          <When at={order.occurred_at} as="minute" /> <span className="code muted">{order.order_id}</span>
        </span>
        <strong>
          <Money value={order.net} />
        </strong>
      </div>
      {order.lines.map((line) => (
        <div key={line.line} className="order-line">
          {line.item_id ? (
            <Link className="ellipsis" to={itemPath({ source: order.source, item_id: line.item_id })}>
              {line.title || line.item_id}
            </Link>
          ) : (
            <span className="ellipsis">{line.title ?? NONE}</span>
          )}
          <span className="muted number">
            <Num value={line.quantity} /> × <Money value={line.unit_price} />
          </span>
        </div>
      ))}
      {order.refunds.map((refund) => (
        <div key={refund.refund_id} className="order-line order-refund">
          <span>
            {t('orders.refund')} <When at={refund.occurred_at} as="minute" />
          </span>
          <span>
            −<Money value={refund.amount} />
          </span>
        </div>
      ))}
      {order.refunds.length > 0 && (
        <div className="order-line muted">
          <span>{t('orders.paid')}</span>
          <Money value={order.paid} />
        </div>
      )}
    </li>
  );
}
