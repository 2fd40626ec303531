"""What can go wrong with the record, each with a sentence that a user can act on."""


class StoreError(Exception):
    """Base of all errors of the store; its text is one sentence for the user."""


class StoreMissing(StoreError):
    """There is no store at this place yet: nothing was ever recorded here."""


class StoreOutdated(StoreError):
    """The file is of an older schema; the engine migrates it when it starts."""


class StoreTooNew(StoreError):
    """The file was written by a newer Runroom and must not be touched."""


class StoreDamaged(StoreError):
    """The file is no database, or one that cannot be read any more."""


class StoreUnreadable(StoreError):
    """The file cannot be read at the moment; it may be the next."""


class NotInRecord(StoreError):
    """What was asked for is not there, or cannot be asked like that; the text says what could be."""


class RunNotFound(NotInRecord):
    """No run has this number, or nothing ran yet."""


class IllegalTransition(StoreError):
    """A status change that `store.status.TRANSITIONS` does not allow."""
