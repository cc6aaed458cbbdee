"""What people send besides texts, as messages hold it; documents, which can be fetched, are made elsewhere."""

from typing import Any

FILE = {"file_id": "AwACAgIAAxkBAAI", "file_unique_id": "AgADAAI"}
SQUARE = {"width": 512, "height": 512}
ATTACHMENTS: dict[str, Any] = {
    "animation": FILE | SQUARE | {"duration": 2},
    "audio": FILE | {"duration": 200},
    "contact": {"phone_number": "+15550100", "first_name": "Bob"},
    "dice": {"emoji": "🎲", "value": 4},
    "document": FILE | {"file_name": "notes.txt"},
    "location": {"latitude": 52.5, "longitude": 13.4},
    "photo": [FILE | {"width": 90, "height": 60}, FILE | {"width": 1280, "height": 853}],
    "poll": {
        "id": "1", "question": "Tea?", "options": [{"text": "Yes", "voter_count": 0, "persistent_id": "1"}],
        "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
        "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
    },
    "sticker": FILE | SQUARE | {"type": "regular", "is_animated": False, "is_video": False},
    "video": FILE | SQUARE | {"duration": 9},
    "video_note": FILE | {"length": 240, "duration": 9},
    "voice": FILE | {"duration": 5},
}  # fmt: skip
