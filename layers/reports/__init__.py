"""The evidence pack: one report, gathered once, written in many forms."""
