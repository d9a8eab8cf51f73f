"""Names of the tracking plan: Segment's e-commerce names, and our social ones in the same manner.

A group of people who chat is a ``Chat`` (社群); a purchase that needs several buyers is a ``Group Buy`` (拼团).
"""

from __future__ import annotations

PRODUCT_VIEWED = "Product Viewed"
PRODUCTS_SEARCHED = "Products Searched"
PRODUCT_FAVOURITED = "Product Favourited"
PRODUCT_ADDED = "Product Added"
CHECKOUT_STARTED = "Checkout Started"
DEPOSIT_PAID = "Deposit Paid"
PAYMENT_FAILED = "Payment Failed"
ORDER_COMPLETED = "Order Completed"
ORDER_CANCELLED = "Order Cancelled"
ORDER_REFUNDED = "Order Refunded"
ORDER_DELIVERED = "Order Delivered"
COUPON_GRANTED = "Coupon Granted"
COUPON_CLAIMED = "Coupon Claimed"
COUPON_USED = "Coupon Used"
GROUP_BUY_OPENED = "Group Buy Opened"
GROUP_BUY_OFFERED = "Group Buy Offered"
GROUP_BUY_JOINED = "Group Buy Joined"
GROUP_BUY_FILLED = "Group Buy Filled"
GROUP_BUY_FAILED = "Group Buy Failed"
INVITE_SENT = "Invite Sent"
INVITE_ACCEPTED = "Invite Accepted"
REWARD_GRANTED = "Reward Granted"
POST_CREATED = "Post Created"
POST_VIEWED = "Post Viewed"
POST_LIKED = "Post Liked"
POST_COMMENTED = "Post Commented"
POST_SHARED = "Post Shared"
USER_FOLLOWED = "User Followed"
CHAT_INVITED = "Chat Invited"
CHAT_JOINED = "Chat Joined"
CHAT_POSTED = "Chat Posted"
CHAT_LEFT = "Chat Left"
LIVE_JOINED = "Live Joined"
LIVE_PRODUCT_CLICKED = "Live Product Clicked"
LIVE_LEFT = "Live Left"
REVIEW_WRITTEN = "Review Written"
SURVEY_ANSWERED = "Survey Answered"
SERVICE_CONTACTED = "Service Contacted"
TICKET_CLOSED = "Ticket Closed"
STOCK_REPORTED = "Stock Reported"
SIGNED_IN = "Signed In"
SIGNED_OUT = "Signed Out"
PROFILE_UPDATED = "Profile Updated"

#: The whole plan, in the order of the story: look, buy, earn, join, invite, talk, watch, answer, sign.
TRACKING_PLAN = (
    PRODUCT_VIEWED,
    PRODUCTS_SEARCHED,
    PRODUCT_FAVOURITED,
    PRODUCT_ADDED,
    CHECKOUT_STARTED,
    DEPOSIT_PAID,
    PAYMENT_FAILED,
    ORDER_COMPLETED,
    ORDER_CANCELLED,
    ORDER_REFUNDED,
    ORDER_DELIVERED,
    COUPON_GRANTED,
    COUPON_CLAIMED,
    COUPON_USED,
    GROUP_BUY_OPENED,
    GROUP_BUY_OFFERED,
    GROUP_BUY_JOINED,
    GROUP_BUY_FILLED,
    GROUP_BUY_FAILED,
    INVITE_SENT,
    INVITE_ACCEPTED,
    REWARD_GRANTED,
    POST_CREATED,
    POST_VIEWED,
    POST_LIKED,
    POST_COMMENTED,
    POST_SHARED,
    USER_FOLLOWED,
    CHAT_INVITED,
    CHAT_JOINED,
    CHAT_POSTED,
    CHAT_LEFT,
    LIVE_JOINED,
    LIVE_PRODUCT_CLICKED,
    LIVE_LEFT,
    REVIEW_WRITTEN,
    SURVEY_ANSWERED,
    SERVICE_CONTACTED,
    TICKET_CLOSED,
    STOCK_REPORTED,
    SIGNED_IN,
    SIGNED_OUT,
    PROFILE_UPDATED,
)
