"""Names of the tracking plan: Segment's e-commerce names, and our social ones in the same manner."""

from __future__ import annotations

PRODUCT_VIEWED = "Product Viewed"
PRODUCTS_SEARCHED = "Products Searched"
PRODUCT_FAVOURITED = "Product Favourited"
PRODUCT_ADDED = "Product Added"
CHECKOUT_STARTED = "Checkout Started"
ORDER_COMPLETED = "Order Completed"
ORDER_CANCELLED = "Order Cancelled"
ORDER_REFUNDED = "Order Refunded"
ORDER_DELIVERED = "Order Delivered"
COUPON_GRANTED = "Coupon Granted"
COUPON_USED = "Coupon Used"
GROUP_BUY_OPENED = "Group Buy Opened"
GROUP_BUY_JOINED = "Group Buy Joined"
GROUP_BUY_FILLED = "Group Buy Filled"
INVITE_SENT = "Invite Sent"
INVITE_ACCEPTED = "Invite Accepted"
POST_CREATED = "Post Created"
POST_LIKED = "Post Liked"
POST_COMMENTED = "Post Commented"
POST_SHARED = "Post Shared"
USER_FOLLOWED = "User Followed"
LIVE_JOINED = "Live Joined"
REVIEW_WRITTEN = "Review Written"
SURVEY_ANSWERED = "Survey Answered"
SERVICE_CONTACTED = "Service Contacted"
SIGNED_IN = "Signed In"
SIGNED_OUT = "Signed Out"
PROFILE_UPDATED = "Profile Updated"

#: The whole plan, in the order of the story: look, buy, earn, invite, talk, answer, sign.
TRACKING_PLAN = (
    PRODUCT_VIEWED,
    PRODUCTS_SEARCHED,
    PRODUCT_FAVOURITED,
    PRODUCT_ADDED,
    CHECKOUT_STARTED,
    ORDER_COMPLETED,
    ORDER_CANCELLED,
    ORDER_REFUNDED,
    ORDER_DELIVERED,
    COUPON_GRANTED,
    COUPON_USED,
    GROUP_BUY_OPENED,
    GROUP_BUY_JOINED,
    GROUP_BUY_FILLED,
    INVITE_SENT,
    INVITE_ACCEPTED,
    POST_CREATED,
    POST_LIKED,
    POST_COMMENTED,
    POST_SHARED,
    USER_FOLLOWED,
    LIVE_JOINED,
    REVIEW_WRITTEN,
    SURVEY_ANSWERED,
    SERVICE_CONTACTED,
    SIGNED_IN,
    SIGNED_OUT,
    PROFILE_UPDATED,
)
