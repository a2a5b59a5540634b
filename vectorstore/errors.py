"""What can go wrong with articles and their index, each with its remedy in the message."""


class VectorstoreError(Exception):
    """Something about the articles or the index that the user can mend."""


class LoadError(VectorstoreError):
    """One file or address could not be read as articles; the others go on."""


class IndexMismatchError(VectorstoreError):
    """The index was made with other settings than those now asked for."""


class CollectionBusyError(VectorstoreError):
    """Another process is writing to this collection."""


class ModelFileError(VectorstoreError):
    """A model's file is missing or isn't the file it should be."""


class UnknownArticleError(VectorstoreError):
    """No article has this id."""


class EmbedderError(VectorstoreError):
    """An embedding model can't be had, can't be reached, or refused the request."""


def describe(error: Exception) -> str:
    """Return another library's error in one line: its kind and the first line it says."""
    said = str(error).strip()
    return f"{type(error).__name__}: {said.splitlines()[0][:300] if said else 'no reason given'}"
