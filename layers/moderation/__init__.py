"""The page *Moderation*: the queue, decisions, groups, people."""
