"""千面 Qianmian: from raw traces to people, tags and audiences; a thin surface over `app`, without logic of its own."""
