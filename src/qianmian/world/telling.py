"""Words for telling a world to a person, in Chinese and English."""

from __future__ import annotations

from typing import Any

from qianmian.core import events

#: What each event is called: Chinese, English.
WORDS: dict[str, tuple[str, str]] = {
    events.PRODUCT_VIEWED: ("浏览", "looks at"),
    events.PRODUCTS_SEARCHED: ("搜索", "searches"),
    events.PRODUCT_FAVOURITED: ("收藏", "keeps"),
    events.PRODUCT_ADDED: ("加购", "puts into the cart"),
    events.CHECKOUT_STARTED: ("去结算", "checks out"),
    events.DEPOSIT_PAID: ("付定金", "pays a deposit"),
    events.PAYMENT_FAILED: ("支付失败", "payment fails"),
    events.ORDER_COMPLETED: ("支付成功", "buys"),
    events.ORDER_CANCELLED: ("取消订单", "cancels"),
    events.ORDER_REFUNDED: ("退款到账", "is refunded"),
    events.ORDER_DELIVERED: ("收到包裹", "gets the parcel"),
    events.COUPON_GRANTED: ("收到优惠券", "is sent a coupon"),
    events.COUPON_CLAIMED: ("领取优惠券", "claims a coupon"),
    events.COUPON_USED: ("核销优惠券", "redeems a coupon"),
    events.GROUP_BUY_OPENED: ("开团", "opens a group buy"),
    events.GROUP_BUY_OFFERED: ("被邀请参团", "is offered a group buy"),
    events.GROUP_BUY_JOINED: ("参团", "joins a group buy"),
    events.GROUP_BUY_FILLED: ("成团", "the group is complete"),
    events.GROUP_BUY_FAILED: ("拼团失败", "the group fails"),
    events.INVITE_SENT: ("邀请好友", "invites a friend"),
    events.INVITE_ACCEPTED: ("接受邀请", "accepts an invitation"),
    events.REWARD_GRANTED: ("获得邀请奖励", "is paid for an invitation"),
    events.POST_CREATED: ("发帖", "posts"),
    events.POST_VIEWED: ("看到帖子", "sees a post"),
    events.POST_LIKED: ("点赞", "likes it"),
    events.POST_COMMENTED: ("评论", "comments"),
    events.POST_SHARED: ("转发", "shares it"),
    events.USER_FOLLOWED: ("关注", "follows somebody"),
    events.CHAT_INVITED: ("被邀请进群", "is invited to a chat"),
    events.CHAT_JOINED: ("进群", "joins the chat"),
    events.CHAT_POSTED: ("群里说", "says in the chat"),
    events.CHAT_LEFT: ("退群", "leaves the chat"),
    events.LIVE_JOINED: ("进直播间", "enters a live room"),
    events.LIVE_PRODUCT_CLICKED: ("点击讲解商品", "clicks what is shown"),
    events.LIVE_LEFT: ("离开直播间", "leaves the live room"),
    events.REVIEW_WRITTEN: ("评价", "reviews"),
    events.SURVEY_ANSWERED: ("回答问卷", "answers a survey"),
    events.SERVICE_CONTACTED: ("联系客服", "asks for help"),
    events.TICKET_CLOSED: ("工单关闭", "the ticket is closed"),
    events.STOCK_REPORTED: ("库存上报", "stock is reported"),
    events.SIGNED_IN: ("登录", "signs in"),
    events.SIGNED_OUT: ("退出登录", "signs out"),
    events.PROFILE_UPDATED: ("完善资料", "fills in the profile"),
}
_RESPONSES = {
    "sure_thing": ("自然转化型", "sure thing"),
    "persuadable": ("敏感型", "persuadable"),
    "lost_cause": ("无动于衷型", "lost cause"),
    "sleeping_dog": ("反作用型", "sleeping dog"),
}
_ROLES = {
    "ordinary": ("普通用户", "customer"),
    "kol": ("意见领袖", "opinion leader"),
    "koc": ("关键意见消费者", "KOC"),
    "group_leader": ("团长", "group leader"),
    "distributor": ("分销员", "distributor"),
}
_GENDERS = {"female": ("女", "woman"), "male": ("男", "man")}
_BANDS = {"low": ("低价位", "low price"), "mid": ("中价位", "mid price"), "high": ("高价位", "high price")}


def told_person(facts: dict[str, Any], language: int) -> str:
    """One line about a person, latent traits included."""
    known = (
        f"#{facts['person']}",
        _GENDERS[facts["gender"]][language],
        facts["age_band"],
        facts["region"],
        _ROLES[facts["role"]][language],
        f"{facts['preferred_category']}·{facts['preferred_brand']}·{_BANDS[facts['price_band']][language]}",
    )
    hidden = (
        (f"价格敏感 {facts['price_sensitivity']:.2f}", f"price sensitivity {facts['price_sensitivity']:.2f}")[language],
        _RESPONSES[facts["response"]][language],
        (f"圈层 {facts['community']}", f"community {facts['community']}")[language],
    )
    return "  ".join((*known, "|", *hidden))
