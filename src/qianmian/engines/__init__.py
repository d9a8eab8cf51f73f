"""Who runs a task over buckets: this process, or Spark. Must not know what a task computes."""
