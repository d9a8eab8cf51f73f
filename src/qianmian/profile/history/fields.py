"""What a filter on a row of history can name."""

from __future__ import annotations

from qianmian.core.tables import Type
from qianmian.query.fields import HistoryField

#: A product's fields hold for its line; the others for the whole event.
FILTERS = (
    HistoryField("category", "category", Type.TEXT, coded=True, line=True),
    HistoryField("brand", "brand", Type.TEXT, coded=True, line=True),
    HistoryField("price_band", "price_band", Type.TEXT, coded=True, line=True),
    HistoryField("item", "item", Type.TEXT, coded=True, line=True),
    HistoryField("channel", "channel", Type.TEXT, coded=True),
    HistoryField("device_type", "device_type", Type.TEXT, coded=True),
    HistoryField("region", "region", Type.TEXT, coded=True),
    HistoryField("hour", "hour", Type.INTEGER),
)
