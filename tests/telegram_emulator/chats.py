"""Chats, who is in them, and whether the bot may write there."""

from dataclasses import dataclass, field

from telegram_emulator.errors import refuse
from telegram_emulator.parameters import Json

GROUPS = ("group", "supergroup")
INSIDE = ("member", "administrator", "creator")
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


@dataclass
class Chat:
    """A chat; ``members`` holds the standing of everyone who was ever in it, by their number."""

    id: int
    kind: str
    title: str = ""
    person: Json | None = None
    started: bool = False
    blocked: bool = False
    forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    migrated_to: int | None = None
    last_message_id: int = 0

    def described(self) -> Json:
        """Give the chat as messages name it."""
        described: Json = {"id": self.id, "type": self.kind}
        if self.person:
            names = ("first_name", "last_name", "username")
            return described | {name: self.person[name] for name in names if name in self.person}
        return described | {"title": self.title} | ({"is_forum": True} if self.forum else {})

    def check_bot_may_write(self, bot_id: int, *, seen: bool) -> None:
        """Refuse where the bot may not write."""
        if self.kind == "private":
            self._check_person(seen=seen)
        elif self.migrated_to is not None:
            refuse("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.migrated_to)
        elif self.members.get(bot_id) == "kicked":
            refuse(f"bot was kicked from the {self.kind} chat", 403)
        elif self.members.get(bot_id) not in INSIDE:
            refuse(f"bot is not a member of the {self.kind} chat", 403)

    def _check_person(self, *, seen: bool) -> None:
        if not self.started and not seen:
            refuse("chat not found")
        if not self.started:
            refuse("bot can't initiate conversation with a user", 403)
        if self.blocked:
            refuse("bot was blocked by the user", 403)


def membership(user: Json, status: str) -> Json:
    """Give a member of a chat as updates name one."""
    member: Json = {"user": user, "status": status}
    if status == "administrator":
        return member | dict.fromkeys(RIGHTS, False)
    if status == "creator":
        return member | {"is_anonymous": False}
    return member | ({"until_date": 0} if status == "kicked" else {})
