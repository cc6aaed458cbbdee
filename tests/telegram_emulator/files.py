"""Files: sent, kept, and given back below a limit of size."""

from telegram_emulator.errors import refuse
from telegram_emulator.parameters import Json, Parameters, Upload
from telegram_emulator.state import File, State

LARGEST_DOWNLOAD = 20 << 20
LARGEST_UPLOAD = 50 << 20


def add_file(state: State, upload: Upload, size: int | None = None) -> Json:
    """Keep a file and describe it as messages do."""
    file_id = f"BQACAgIAAxkBAAI{len(state.files) + 1:05d}"
    file = File(file_id, upload.name, upload.content, len(upload.content) if size is None else size)
    state.files[file_id] = file
    return described(file) | {"mime_type": upload.mime_type}


def described(file: File) -> Json:
    """Describe a file."""
    return {"file_id": file.id, "file_unique_id": f"AgAD{file.id[-5:]}", "file_name": file.name, "file_size": file.size}


def store(state: State, parameters: Parameters, name: str) -> Json:
    """Take the file that a request carries, or the known one that it names."""
    named = parameters.text(name)
    upload = parameters.files.get(named.removeprefix("attach://") if named else name)
    if upload is None and named in state.files:
        return described(state.files[named])
    if upload is None:
        refuse("wrong file identifier/HTTP URL specified" if named else f"there is no {name} in the request")
    if len(upload.content) > LARGEST_UPLOAD:
        refuse("", 413)
    if not upload.content:
        refuse("file must be non-empty")
    return add_file(state, upload)


def get_file(state: State, parameters: Parameters) -> Json:
    """Tell where a file can be fetched."""
    file = state.files.get(parameters.text("file_id"))
    if file is None:
        refuse("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        refuse("file is too big")
    known = {name: value for name, value in described(file).items() if name != "file_name"}
    return known | {"file_path": path_of(file)}


def path_of(file: File) -> str:
    """Give the path under which a file can be fetched."""
    return f"documents/file_{int(file.id[-5:])}"


def find_by_path(state: State, path: str) -> File | None:
    """Find the file that a path leads to."""
    return next((file for file in state.files.values() if path_of(file) == path), None)
