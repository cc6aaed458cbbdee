"""A strict stand-in for Telegram's Bot API: it refuses what the real server refuses, in the same words."""
