"""The methods by which updates reach the bot: held requests, or a webhook."""

import re
from urllib.parse import urlsplit

from telegram_emulator.errors import flood, refuse
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.state import State, Webhook

LONGEST_POLL = 50
MOST_UPDATES = 100
# Asked for the same again so soon, the server holds the request, or gives only one update.
SOON = 3.0
VERY_SOON = 0.5
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
LONGEST_SECRET = 256
# A webhook is set once in a second.
WEBHOOK_PAUSE = 1.0
SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = frozenset({80, 88, 443, 8443})
# A bot under test listens here, without a certificate and on any port; all else is checked as Telegram checks it.
LOCAL = frozenset({"127.0.0.1", "localhost"})


def get_updates(state: State, parameters: Parameters) -> list[Json]:
    """Give the updates that wait, or hold the request until there is one."""
    if state.webhook.url:
        refuse(WEBHOOK_ACTIVE, 409)
    queue = state.queue
    offset = parameters.integer("offset")
    limit = parameters.integer("limit", MOST_UPDATES, 1, MOST_UPDATES)
    timeout = float(parameters.integer("timeout", 0, 0, LONGEST_POLL))
    queue.allow(parameters.json("allowed_updates"))
    now = state.clock.now()
    if state.hasty_polls_wait and offset == queue.last_offset and now < queue.last_start + SOON:
        timeout = max(timeout, SOON)
        limit = 1 if now < queue.last_start + VERY_SOON else limit
    queue.last_offset, queue.last_start = offset, now
    updates = queue.take(offset, limit)
    return updates if updates or not timeout else held(state, offset, limit, now + timeout)


def held(state: State, offset: int, limit: int, until: float) -> list[Json]:
    """Wait for an update; another request that is held, a webhook, or time ends the wait."""
    poll = state.queue.hold()
    # What was asked relative to the end of the queue is settled by now.
    offset = max(offset, 0)
    state.changed.notify_all()
    updates: list[Json] = []
    while not updates and not state.closing.is_set() and state.clock.now() < until:
        state.changed.wait(until - state.clock.now())
        if poll.ended:
            refuse(poll.ended.removeprefix("Conflict: "), 409)
        updates = state.queue.take(offset, limit)
    if state.queue.poll is poll:
        state.queue.poll = None
    return updates


def set_webhook(state: State, parameters: Parameters) -> bool:
    """Send updates to an address from now on; without an address, do so no longer."""
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if not url:
        return delete_webhook(state, parameters)
    now = state.clock.now()
    if now < state.next_webhook:
        raise flood(1)
    state.next_webhook = now + WEBHOOK_PAUSE
    check_address(url)
    if len(secret) > LONGEST_SECRET:
        refuse("secret token is too long")
    if not SECRET.fullmatch(secret):
        refuse("secret token contains unallowed characters")
    state.queue.allow(parameters.json("allowed_updates"))
    state.queue.end_poll("Conflict: terminated by setWebhook request")
    if parameters.flag("drop_pending_updates"):
        state.queue.clear()
    state.webhook = Webhook(url, secret, parameters.integer("max_connections", 40, 1, 100))
    return True


def check_address(url: str) -> None:
    """Refuse an address to which Telegram would send nothing."""
    address = urlsplit(url)
    if not address.hostname or address.scheme not in {"http", "https"}:
        refuse("invalid webhook URL specified")
    if address.hostname in LOCAL:
        return
    if address.scheme != "https":
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in PORTS:
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(state: State, parameters: Parameters) -> bool:
    """Send updates nowhere any more."""
    if parameters.flag("drop_pending_updates"):
        state.queue.clear()
    state.webhook = Webhook()
    return True


def get_webhook_info(state: State, _parameters: Parameters) -> Json:
    """Tell where updates are sent to and how that goes."""
    webhook = state.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.queue.pending()),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info |= {"last_error_date": int(webhook.last_error_date), "last_error_message": webhook.last_error}
    return info
