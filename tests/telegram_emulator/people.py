"""People, who write, press, ask, and leave; each act is what a person does with their own program."""

import copy
from dataclasses import dataclass
from typing import Any

from telegram_emulator import groups
from telegram_emulator.attachments import ATTACHMENTS
from telegram_emulator.chats import Chat
from telegram_emulator.files import add_file
from telegram_emulator.messages import CONTENT, text_content
from telegram_emulator.parameters import Json, Parameters, Upload
from telegram_emulator.replies import reply_content
from telegram_emulator.state import Asked, State
from telegram_emulator.texts import caption_text, message_text

# Whom Telegram names as the sender of what is written in the name of a group, and of a channel.
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
# And of what a group is sent from the channel that it discusses.
LINKED: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


@dataclass
class Person:
    """Somebody who uses Telegram; their number is that of their chat with the bot, too."""

    state: State
    user: Json

    @property
    def id(self) -> int:
        """Give the number of the person, and of their chat with the bot."""
        return int(self.user["id"])

    @property
    def chat(self) -> Chat:
        """Give the chat with the bot."""
        return self.state.chats[self.id]

    def says(
        self, text: str, *, chat: Chat | None = None, reply_to: Json | None = None, quote: str = "", thread: int = 0
    ) -> Json:
        """Write a text, to the bot or into a group."""
        return self._send(text_content(message_text(text, "", None)), chat, reply_to, quote, thread)

    def says_as(self, name: Chat, text: str, *, chat: Chat, linked: bool = False) -> Json:
        """Write a text into a group in the name of the group itself or of a channel, which may be the one it discusses."""
        if name is chat:
            self._must(chat.members.get(self.id) in {"administrator", "creator"}, "is no administrator")
        sender = ANONYMOUS if name is chat else LINKED if linked else CHANNEL
        content: Json = {"from": sender, "sender_chat": name.described()}
        content |= {"is_automatic_forward": True} if linked else {}
        return self._send(content | text_content(message_text(text, "", None)), chat, None, "", 0)

    def sends_document(
        self, name: str, content: bytes, *, caption: str = "", size: int | None = None,
        mime_type: str = "application/octet-stream", chat: Chat | None = None,
    ) -> Json:  # fmt: skip
        """Send a file; a size may be claimed, so that no test needs a big one."""
        with self.state.changed:
            sent: Json = {"document": add_file(self.state, Upload(name, content, mime_type), size)}
        return self._send(sent | captioned(caption), chat, None, "", 0)

    def sends(self, kind: str, *, caption: str = "", album: str = "", chat: Chat | None = None) -> Json:
        """Send a photo, a voice message, a place or the like; several may be one album."""
        sent = {kind: copy.deepcopy(ATTACHMENTS[kind])} | ({"media_group_id": album} if album else {})
        return self._send(sent | captioned(caption), chat, None, "", 0)

    def _send(self, content: Json, chat: Chat | None, reply_to: Json | None, quote: str, thread: int) -> Json:
        """Put what was made into a chat, and tell the bot if it may know."""
        with self.state.changed:
            chat = chat or self._own_chat()
            parameters = Parameters({"message_thread_id": thread} | self._reply(reply_to, quote))
            message = self.state.add_message(chat, self.user, content | reply_content(self.state, chat, parameters))
            if groups.reaches_bot(self.state, chat, message):
                self.state.tell("message", message, chat.id)
            self.state.changed.notify_all()
            return copy.deepcopy(message)

    def _own_chat(self) -> Chat:
        self._must(not self.chat.blocked, "has blocked the bot and cannot write to it")
        self.chat.started = True
        return self.chat

    def _reply(self, reply_to: Json | None, quote: str) -> Json:
        if reply_to is None:
            return {}
        asked: Json = {"message_id": reply_to["message_id"]}
        return {"reply_parameters": asked | ({"quote": quote} if quote else {})}

    def _must(self, condition: object, otherwise: str) -> None:
        """Fail a test that lets a person do what nobody can do."""
        if not condition:
            message = f"{self.user['first_name']} {otherwise}"
            raise AssertionError(message)

    def edits(self, message: Json, text: str) -> Json:
        """Write another text in place of one's own."""
        with self.state.changed:
            chat = self.state.chats[message["chat"]["id"]]
            kept = self.state.messages[chat.id, message["message_id"]]
            self._must(kept["from"]["id"] == self.id, "can edit only their own messages")
            for name in CONTENT:
                kept.pop(name, None)
            written = (
                captioned(text) if kept.keys() & ATTACHMENTS.keys() else text_content(message_text(text, "", None))
            )
            kept.update(written, edit_date=self.state.now())
            if groups.reaches_bot(self.state, chat, kept):
                self.state.tell("edited_message", kept, chat.id)
            return copy.deepcopy(kept)

    def presses(self, message: Json, button: str) -> Asked:
        """Press a button under a message, by the words on it; the bot's answer will be in what this gives."""
        with self.state.changed:
            kept = self.state.messages.get((message["chat"]["id"], message["message_id"]))
            self._must(kept is not None, "cannot press a button of a message that is gone")
            assert kept is not None
            rows: list[list[Json]] = kept.get("reply_markup", {}).get("inline_keyboard", [])
            pressed = [one for row in rows for one in row if one["text"] == button]
            words = [one["text"] for row in rows for one in row]
            self._must(pressed and "callback_data" in pressed[0], f"finds no button {button!r} among {words}")
            asked = self._ask("callback_query")
            payload = {"message": kept, "chat_instance": f"{kept['chat']['id']}", "data": pressed[0]["callback_data"]}
            self.state.tell("callback_query", {"id": asked.id, "from": self.user} | payload, self.id)
            return asked

    def asks_inline(self, query: str, *, offset: str = "", chat_type: str = "sender") -> Asked:
        """Write the bot's name and a question into some chat; the results will be in what this gives."""
        with self.state.changed:
            asked = self._ask("inline_query")
            payload = {"query": query[:256], "offset": offset, "chat_type": chat_type}
            self.state.tell("inline_query", {"id": asked.id, "from": self.user} | payload, self.id)
            return asked

    def _ask(self, kind: str) -> Asked:
        query_id = f"{self.id}{len(self.state.asked) + 1:09d}"
        asked = Asked(query_id, kind, self.user, self.state.clock.now())
        self.state.asked[query_id] = asked
        return asked

    def chooses_inline_result(self, asked: Asked, result_id: str, *, query: str = "", chat: Chat | None = None) -> Json:
        """Send one of the results; it appears under the person's name, by way of the bot."""
        with self.state.changed:
            results: list[Json] = (asked.answer or {}).get("results", [])
            chosen = [result for result in results if result["id"] == result_id]
            self._must(chosen, f"finds no result {result_id!r} among {[result['id'] for result in results]}")
            shown = {name: value for name, value in chosen[0].get("shown", {}).items() if value}
            buttons = {name: chosen[0][name] for name in ("reply_markup",) if name in chosen[0]}
            message = self._send(shown | buttons | {"via_bot": self.state.bot_user}, chat, None, "", 0)
            payload = {"result_id": result_id, "from": self.user, "query": query}
            self.state.tell("chosen_inline_result", payload, self.id)
            return message

    def reacts(self, message: Json, emoji: str) -> None:
        """React to a message; in groups only a bot that is an administrator learns of it."""
        with self.state.changed:
            chat = self.state.chats[message["chat"]["id"]]
            if chat.kind != "private" and chat.members.get(self.state.bot_id) != "administrator":
                return
            new: list[Any] = [{"type": "emoji", "emoji": emoji}] if emoji else []
            payload = {"chat": chat.described(), "message_id": message["message_id"], "user": self.user}
            payload |= {"date": self.state.now(), "old_reaction": [], "new_reaction": new}
            self.state.tell("message_reaction", payload, self.id)

    def blocks_bot(self) -> None:
        """Want nothing more from the bot."""
        with self.state.changed:
            self.chat.started = self.chat.blocked = True
            groups.set_bot_standing(self.state, self.chat, self.user, "kicked")

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        with self.state.changed:
            self.chat.blocked = False
            groups.set_bot_standing(self.state, self.chat, self.user, "member")

    def creates_group(self, title: str, *, with_bot: bool = True) -> Chat:
        """Make a small group."""
        return self._creates("group", title, with_bot=with_bot)

    def creates_supergroup(self, title: str, *, forum: bool = False, with_bot: bool = True) -> Chat:
        """Make a supergroup, or a forum."""
        chat = self._creates("supergroup", title, with_bot=False)
        chat.forum = forum
        if with_bot:
            self.adds_bot(chat)
        return chat

    def _creates(self, kind: str, title: str, *, with_bot: bool) -> Chat:
        with self.state.changed:
            chat = groups.create(self.state, kind, title, self.user)
            if with_bot:
                self.adds_bot(chat)
            return chat

    def joins(self, chat: Chat) -> None:
        """Come into a group."""
        with self.state.changed:
            chat.members[self.id] = "member"
            groups.announce(self.state, chat, self.user, {"new_chat_members": [self.user]})

    def adds_bot(self, chat: Chat, *, admin: bool = False) -> None:
        """Bring the bot into a group, or make it an administrator."""
        with self.state.changed:
            inside = chat.members.get(self.state.bot_id) in {"member", "administrator"}
            groups.set_bot_standing(self.state, chat, self.user, "administrator" if admin else "member")
            if not inside:
                groups.announce(self.state, chat, self.user, {"new_chat_members": [self.state.bot_user]})

    def kicks_bot(self, chat: Chat) -> None:
        """Throw the bot out of a group; it is told, and learns nothing more."""
        with self.state.changed:
            self.state.add_message(chat, self.user, {"left_chat_member": self.state.bot_user})
            groups.set_bot_standing(self.state, chat, self.user, "kicked")

    def migrates(self, chat: Chat) -> Chat:
        """Make a supergroup of a group."""
        with self.state.changed:
            return groups.migrate(self.state, chat, self.user)

    def opens_topic(self, chat: Chat, name: str) -> int:
        """Open a topic of a forum, and give its number."""
        with self.state.changed:
            self._must(chat.forum, "can open topics only in a forum")
            topic = {"name": name, "icon_color": 7322096}
            message = self.state.add_message(chat, self.user, {"forum_topic_created": topic, "is_topic_message": True})
            thread = message["message_thread_id"] = int(message["message_id"])
            chat.topics[thread] = name
            self.state.tell("message", message, chat.id)
            return thread


def captioned(text: str) -> Json:
    """Give a caption as a message holds it, nothing for none."""
    caption = caption_text(text, "", None)
    return text_content(caption, "caption") if caption.text else {}
