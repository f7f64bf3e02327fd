"""What the system may refuse to any command, in words."""

import errno

from punie_train.core.errors import PunieTrainError, UsageError


def in_words(error: OSError) -> PunieTrainError | None:
    """Return what the system refuses to any command as a message; None for another error."""
    match error.errno:
        case errno.ENAMETOOLONG:
            return UsageError(
                f"The name {str(error.filename)[:40]}... is too long",
                "no file can have it",
                "Give a shorter path.",
            )
        case errno.ENOSPC:
            return PunieTrainError(
                f"The disk is full ({error.filename or 'perhaps where temporary files are'})",
                "nothing was finished, what was there before is untouched",
                "Make room, or set TMPDIR to a directory on another disk.",
            )
    return None
