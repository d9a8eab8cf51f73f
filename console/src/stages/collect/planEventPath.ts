/** The page of an event, which may be called anything. */
export const planEventPath = (event: string) => `/collect/plan/event?event=${encodeURIComponent(event)}`;
