"""The text that stands beside a generated world."""

from __future__ import annotations

README = """# 拾野集: 演示数据 / demo data

**演示数据, 人物与品牌均为虚构。** 手机号使用未分配给运营商的号段, 邮箱使用 example.com, 均不可联系到任何人。

**Demo data. All people and brands are invented.** Phone numbers have prefixes given to no carrier, e-mails end in
example.com; nobody can be reached by them.

| 文件 file | 内容 content |
|---|---|
| `events/part-*.parquet` | 事件: 只含客户端当时所知 · events: only what a client knew |
| `goods.csv` | 商品, 含类目改名 · goods, with categories renamed half-way |
| `stock.csv` | 每周盘点的库存与下架 · what was counted of each item, and what went off sale |
| `calendar.csv` | 有名字的节日与大促 · festivals that have a name |
| `truth/persons.parquet` | 事件真正属于谁(空 = 无人), 与基线 · whose each event is; the baseline |
| `truth/identifiers.parquet` | 标识归属区间 · whose each identifier is, since when |
| `truth/orders.parquet` | 订单实付、退款、净额 · paid, refunded and net of each order |
| `truth/people.parquet` | 每个人在最后一天的阶段、RFM、偏好与地区 · stage, RFM, taste and region of each person |
| `truth/duplicates.parquet` | 重复发送的事件 · events that were sent twice |
| `truth/dirt.parquet` | 其他植入的脏数据 · other flaws that were planted |
| `truth/traits.parquet` | 看不见的特征: 价格敏感、券响应、影响力、圈层、兴趣 · latent traits, community, interests |
| `truth/habits.parquet` | 每个人最可能的时段、设备、渠道与品牌 · likeliest hours, device, channel, brands |
| `truth/exposures.parquet` | 谁看了哪条帖子、经谁转发、带来哪单 · who saw which post, through whom; the order |
| `truth/group_offers.parquet` | 拼团邀请: 关系与是否参团 · offered places in group buys |
| `truth/invitations.parquet` | 老带新的传播链路 · the cascade of invitations |
| `truth/ties.parquet` | 好友与社交行为 · friends, and who acted on whom |
| `truth/live_segments.parquet` | 直播讲解段的观看、点击、成交 · segments of live rooms |
| `truth/purchase_journeys.parquet` | 每人每类目的购买旅程阶段 · stages of purchase journeys |
| `truth/patterns.parquet` | 植入的行为模式 · planted patterns of behaviour |
| `truth/opinions.parquet` | 每条评价的情感与评价维度 · sentiment and aspects of each review |
| `truth/stories.parquet` | 八个故事要找到的数 · the number to be found in each story |
| `truth/<story>.parquet` | 每个故事的真相 · the truth of each story |

`truth/` 只供评分, 产品不可读取。 `truth/` is for scoring only; the product never reads it.
"""
