"""``qianmian demo``: a whole generated shop, from raw files to profiles and audiences."""
