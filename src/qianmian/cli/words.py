"""Words of what is shown, in both languages; tags bring their own titles."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qianmian.cli.exits import printable
from qianmian.core.language import Language
from qianmian.profile.tags.formulas import VALUES

#: Word → Chinese, English. The Chinese ones are those of docs/concepts/glossary.md.
WORDS: dict[str, tuple[str, str]] = {
    "first_last": ("首末与属性", "First and last"),
    "statistic": ("统计标签", "Statistics"),
    "preference": ("偏好标签", "Preferences"),
    "rule": ("规则标签", "Rules"),
    "import": ("来源陈述", "Stated"),
    "sql": ("SQL", "SQL"),
    "lifecycle": ("生命周期", "Lifecycle"),
    "rfm": ("RFM", "RFM"),
    "combination": ("组合标签", "Combinations"),
    "ranking": ("排名标签", "Rankings"),
    "potential": ("潜在用户", "potential"),
    "new": ("新用户", "new"),
    "active": ("活跃用户", "active"),
    "loyal": ("忠诚用户", "loyal"),
    "at_risk": ("流失预警", "at risk"),
    "lost": ("流失用户", "lost"),
    "mid": ("中", "mid"),
    "person": ("用户", "person"),
    "anything": ("任何行为", "anything"),
    "last": ("最近", "last"),
    "days": ("近 {} 天", "{} days"),
    "all time": ("累计", "all time"),
    "stated": ("由来源陈述", "stated by sources"),
    "orders": ("{} 单", "{} orders"),
    "not measured": ("尚未检查数据质量：qianmian quality check", "not measured yet: qianmian quality check"),
    "nothing filled": (
        "尚未填补：在清洗规则的 fill 中声明，再运行 qianmian quality check",
        "nothing is filled: declare it under fill of the cleaning rules, then qianmian quality check",
    ),
    "further": ("其余 {} 个标签：qianmian profile show", "{} more tags: qianmian profile show"),
    "without": ("另有 {} 个标签暂无值", "{} more tags have nothing to say"),
    "campaign": ("营销活动", "campaign"),
    "campaign_draft": ("草稿", "draft"),
    "campaign_sending": ("发送中", "sending"),
    "campaign_sent": ("已发出", "sent"),
    "sync": ("人群同步", "sync"),
    "sync_asked": ("待批准", "waits for approval"),
    "sync_refused": ("已拒绝", "refused"),
    "sync_waiting": ("待首次运行", "never ran"),
    "sync_active": ("运行中", "active"),
    "sync_paused": ("已暂停", "paused"),
    "sync_failed": ("失败，将重试", "failed, is tried again"),
    "sync_stopped": ("已停止，待处理", "stopped"),
    "sync_ending": ("正在撤回", "takes its people back"),
    "sync_held": ("接收方持有", "held"),
    "sync_build": ("计算", "build"),
    "sync_delivered": ("送达时间", "delivered"),
    "sync_problem": ("原因", "problem"),
    "sync_entered": ("进入", "entered"),
    "sync_changed": ("变化", "changed"),
    "sync_left": ("移除", "removed"),
    "sync_pieces": ("批次", "pieces"),
    "sync_told": ("{}，接收方持有 {} 人", "{}, the receiver may hold {} people"),
    "sync_audience": ("人群 {}", "audience {}"),
    "sync_everybody": ("有标签值的用户", "everybody"),
    "journey_category": ("品类", "category"),
    "journey_stage": ("阶段", "stage"),
    "journey_entered": ("近 {} 天进入", "came in {} days"),
    "journey_before": ("之前", "before"),
    "journey_now": ("现在", "now"),
    "journey_since": ("起始", "since"),
    "journey_until": ("失效", "until"),
    "journey_by": ("判定依据", "by"),
    "treatment": ("实验组", "treatment"),
    "cluster": ("分群", "cluster"),
    "of the rules": ("满足条件人数", "meet the condition"),
    "purity": ("纯度", "purity"),
    "no condition": ("（规则树无法区分）", "(the rules do not tell it apart)"),
    "typical": ("典型：{}", "typical: {}"),
    "seeds": ("种子人群 {} 人，用于比较的标签：{}", "{} seeds, compared by {}"),
    "lookalikes": (
        "找到 {} 人：未参与学习的种子中 {} 满足其规则，为随机人群的 {} 倍",
        "{} people found: of seeds kept aside {} meet the rules, {} times as often as others",
    ),
    "kept fixed": ("已存为固定人群 {}", "kept as fixed audience {}"),
    "recall": ("召回率", "recall"),
    "clusters judged": (
        "轮廓系数 {}，稳定性 {}；条件与分群一致 {}，可解释性代价 {}",
        "silhouette {}, stability {}; the conditions agree for {}, price of explainability {}",
    ),
    "clusters weak": (
        "群与群之间没有明显间隔：分群只是在连续的用户中划出的界线",
        "no gap lies between the clusters: they are borders drawn through a cloud",
    ),
    "left out": ("未使用（几乎人人相同或缺失）：{}", "left out, the same or missing of nearly everybody: {}"),
    "pattern": ("模式", "pattern"),
    "step": ("步骤", "step"),
    "lift": ("提升度", "lift"),
    "mined": (
        "频繁模式 {} 个，比较 {} 个，成立 {} 个；结果事件 {}",
        "{} frequent patterns, {} compared, {} stand out; the outcome is {}",
    ),
    "not mined": ("尚未挖掘：qianmian pattern mine", "nothing was mined yet: qianmian pattern mine"),
    "stopped candidates": (
        "（候选过多，只算到 {} 步：提高最低占比）",
        "(too many candidates: counted up to {} steps; ask for a larger share)",
    ),
    "stopped seconds": (
        "（超时，只算到 {} 步：提高最低占比或缩短时间范围）",
        "(out of time: counted up to {} steps; ask for a larger share or fewer days)",
    ),
    "came after": (
        "之后出现 {}（{} 天内）：{}（95% 区间 {}）；改做其他事的：{}",
        "{} came within {} days after it: {} (95 %: {}); with something else instead of the last step: {}",
    ),
    "lift of": ("提升度 {}（95% 区间 {}）", "lift {} (95 %: {})"),
    "tag of pattern": (
        "已声明标签 {}：下一次 qianmian build 会计算",
        "tag {} is declared: the next qianmian build tells it",
    ),
    "holdout": ("留白组", "holdout"),
    "plan_people": ("满足条件", "meet the condition"),
    "plan_not_agreed": ("未授权", "did not agree"),
    "plan_unreachable": ("无法触达", "cannot be reached"),
    "plan_treatment": ("将触达", "will be written to"),
    "plan_holdout": ("留白组", "held out"),
    "anyway": ("不做活动时的转化率（此前同样天数）", "bought anyway, in as many days before:"),
    "smallest": ("可测出的最小差异", "smallest difference that would be seen:"),
    "nothing_seen": ("无留白组，无法评估效果", "none: nobody is held out"),
    "converted": ("转化人数", "converted"),
    "mean": ("人均净收入", "net revenue a person"),
    "extra_share": ("转化率差值（95% 区间）", "difference of conversion, 95 %:"),
    "extra_converted": ("增量转化人数", "people who would not have bought:"),
    "extra_revenue": ("增量净收入", "net revenue that would not have come:"),
    "gain": ("增量 ROI", "extra revenue for the cost:"),
    "verdict_more": ("有效：更多人因此下单", "more people bought because of it"),
    "verdict_less": ("反作用：更少人下单", "fewer people bought because of it"),
    "verdict_unclear": ("看不出差异：区间含 0", "no difference can be told: the interval holds 0"),
    "verdict_early": ("观察期未结束，数字仅供参考", "its window goes on: do not judge yet"),
    "verdict_too_few": ("人数太少，无法判断", "too few people to tell"),
    "verdict_uneven": ("两组人数异常，结论不可用", "the arms were not made by chance alone: nothing holds"),
    "verdict_not_built": ("发出后尚未计算：qianmian build", "nothing was built since it was sent: qianmian build"),
    "tag": ("标签", "tag"),
    "failed": ("运行失败", "failed"),
    "metric": ("指标", "metric"),
    "formula": ("公式", "formula"),
    "rests on": ("依据", "rests on"),
    "no data": ("没有数据：采集 {}", "no data: collect {}"),
    "computed": ("计算于 {}；* 期间不完整", "last computed {}; * the period is not whole"),
    "waiting": ("待计算", "waits for a build"),
    "outdated": ("旧定义", "old definition"),
    "told": ("已生效", "in use"),
    "state": ("状态", "state"),
    "value": ("取值", "value"),
    "confidence": ("置信度", "confidence"),
    "evidence": ("依据", "evidence"),
    "people": ("人数", "people"),
    "build": ("计算", "build"),
    "counted": ("截至", "as of"),
    "entered": ("进入", "entered"),
    "left": ("退出", "left"),
    "dynamic": ("动态人群", "dynamic audience"),
    "fixed": ("固定人群", "fixed audience"),
    "not counted": ("尚无成员变化：下一次 qianmian build 会计算", "nothing counted yet: the next qianmian build does"),
    "only in": ("仅属于", "only in"),
    "everybody": ("全部用户", "everybody"),
    "share": ("占比", "share"),
    "coverage": ("覆盖率", "coverage"),
    "kind": ("类型", "kind"),
    "title": ("名称", "title"),
    "condition": ("圈选条件", "condition"),
    "audience": ("人群", "audience"),
    "claim": ("判断", "claim"),
    "baseline": ("基线", "baseline"),
    "lives": ("他们的故事", "lives"),
    "reviews": ("评价", "reviews"),
    "by hour": ("一天之内的浏览", "views by hour of the day"),
    "by day": ("每天的订单", "orders by day"),
    "recent": ("{} 个事件刚收到，还未计入画像", "{} events just received, not in the profile yet"),
    "trait": ("用户属性", "trait"),
    "trust": ("声明的可信度", "declared trust"),
    "disputed": ("有分歧", "disputed"),
    "contradicted": ("说法不一", "contradicted"),
    "compared": ("多来源", "several sources"),
    "unreadable": ("无法识别", "unreadable"),
    "statement counts": ("计入", "counts"),
    "statement against": ("计入，不支持", "counts against"),
    "statement passed": ("未计入", "does not count"),
    "source": ("数据源", "source"),
    "agree": ("一致", "agree"),
    "interval": ("95% 区间", "95 % interval"),
    "kappa": ("kappa", "kappa"),
    "female": ("女", "female"),
    "male": ("男", "male"),
    "trait gender": ("性别", "gender"),
    "trait birth_year": ("出生年份", "birth year"),
    "trait age_band": ("年龄段", "age band"),
    "trait province": ("省份", "province"),
    "trait city": ("城市", "city"),
    "trait occupation": ("职业", "occupation"),
    "trait member_level": ("会员等级", "member level"),
    "no traits": (
        "没有数据源陈述过属性；查看规则：qianmian facts rules show",
        "no source stated any trait; see the rules: qianmian facts rules show",
    ),
    "no disputes": ("没有有分歧的用户", "nobody is disputed"),
    "strength": ("亲密度", "strength"),
    "ties": ("社交关系", "ties"),
    "tied": ("与 {} 人有社交关系", "tied to {} people"),
    "tied people": ("{} 人有社交关系", "{} people are tied"),
    "pairs": ("人对", "pairs"),
    "median strength": ("亲密度中位数", "median strength"),
    "tie follow": ("关注", "follow"),
    "tie like": ("点赞", "like"),
    "tie comment": ("评论", "comment"),
    "tie share": ("分享", "share"),
    "tie invite": ("邀请", "invite"),
    "tie group_buy": ("拼团", "group buy"),
    "tie chat": ("同社群", "same chat"),
    "tie gift": ("赠礼", "gift"),
    "tie household": ("同住", "household"),
    "not looked for": ("尚未寻找", "not looked for"),
    "no accounts": (
        "还没有账号；添加：qianmian account add 名称",
        "no accounts yet; add one: qianmian account add NAME",
    ),
    "no audiences": (
        "还没有保存的人群；保存：qianmian audience save 名称 圈选条件",
        "no audiences yet; save one: qianmian audience save NAME CONDITION",
    ),
    "no batches": (
        "还没有导入；导入文件：qianmian import 文件 -m 映射",
        "no imports yet; import a file: qianmian import FILE -m MAPPING",
    ),
    "no deleted audiences": ("没有已删除的人群", "no audiences are deleted"),
    "no decisions": (
        "还没有人工决定；合并：qianmian identity merge A B，拆分：qianmian identity split A --apart B",
        "nothing was decided by hand; merge: qianmian identity merge A B, split: qianmian identity split A --apart B",
    ),
    "no facts": (
        "没有环境信息；用映射（grain: context）导入：qianmian import 文件 -m 映射",
        "no facts; import some by a mapping (grain: context): qianmian import FILE -m MAPPING",
    ),
    "no folders": (
        "还没有监听的文件夹；添加：qianmian folder add 名称 --path 路径 -m 映射",
        "no watched folders yet; add one: qianmian folder add NAME --path PATH -m MAPPING",
    ),
    "no goods": (
        "没有商品；用映射（grain: item）导入：qianmian import 文件 -m 映射",
        "no goods; import some by a mapping (grain: item): qianmian import FILE -m MAPPING",
    ),
    "no links": (
        "还没有短链；添加：qianmian link add 网址 --kind shop",
        "no links yet; add one: qianmian link add ADDRESS --kind shop",
    ),
    "no pairs": (
        "没有待审的用户对；查找：qianmian identity review find",
        "no pairs to review; look for some: qianmian identity review find",
    ),
    "no pulls": (
        "还没有数据库拉取；查看怎样添加：qianmian pull add --help",
        "no pulls yet; see how to add one: qianmian pull add --help",
    ),
    "no sources": ("还没有数据源；添加：qianmian source add 名称", "no sources yet; add one: qianmian source add NAME"),
    "no tokens": ("还没有令牌；添加：qianmian token add 名称", "no tokens yet; add one: qianmian token add NAME"),
}


def word(key: str, language: Language, *values: object) -> str:
    """A word in a language, with values in its gaps; what has no entry is shown as it is.

    >>> word("days", Language.EN, 30), word("loyal", Language.ZH), word("天津市", Language.EN)
    ('30 days', '忠诚用户', '天津市')
    """
    said = VALUES[key].what if key in VALUES else lambda _: key
    zh, en = WORDS.get(key, (said(Language.ZH), said(Language.EN)))
    text = zh if language is Language.ZH else en
    return text.format(*values) if values else printable(text)


def shown(value: Any, language: Language, zone: ZoneInfo) -> str:
    """A value as people read it: money with separators, instants in the shop's zone, codes as words."""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return word(value, language)
    return next((form.format(value) for kind, form in _FORMS.items() if isinstance(value, kind)), "–")


_FORMS: dict[type, str] = {bool: "{}", Decimal: "{:,.2f}", float: "{:,.3f}", int: "{:,}", date: "{:%Y-%m-%d}"}
