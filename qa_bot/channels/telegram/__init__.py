"""The bot in Telegram, on python-telegram-bot."""
