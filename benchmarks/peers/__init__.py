"""What Qianmian is measured against; imports nothing of it."""
