"""From tags and behaviour to audiences. Must not send anything, nor compile a condition without a purpose."""
