"""The moderators' desk: the queue, decisions, groups, people."""
