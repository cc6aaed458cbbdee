"""Which function stands behind each method; letters may be large or small."""

from functools import partial

from telegram_emulator import about, files, messages, polling, queries
from telegram_emulator.state import Method

NAMED: dict[str, Method] = {
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "deleteMessage": messages.delete_message,
    "deleteMyCommands": about.delete_my_commands,
    "deleteWebhook": polling.delete_webhook,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "editMessageText": messages.edit_message_text,
    "getChat": about.get_chat,
    "getChatAdministrators": about.get_chat_administrators,
    "getChatMember": about.get_chat_member,
    "getFile": files.get_file,
    "getMe": about.get_me,
    "getMyCommands": about.get_my_commands,
    "getMyDescription": partial(about.get_text, name="description"),
    "getMyShortDescription": partial(about.get_text, name="short_description"),
    "getUpdates": polling.get_updates,
    "getWebhookInfo": polling.get_webhook_info,
    "sendChatAction": messages.send_chat_action,
    "sendDocument": messages.send_document,
    "sendMessage": messages.send_message,
    "sendMessageDraft": messages.send_message_draft,
    "setMessageReaction": about.set_message_reaction,
    "setMyCommands": about.set_my_commands,
    "setMyDescription": partial(about.set_text, name="description"),
    "setMyShortDescription": partial(about.set_text, name="short_description"),
    "setWebhook": polling.set_webhook,
}
METHODS = {name.lower(): method for name, method in NAMED.items()}
