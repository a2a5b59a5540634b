"""What can go wrong while answering, each with its remedy in the message."""

from prompts import PromptError
from vectorstore.errors import VectorstoreError


class AssistantError(Exception):
    """Something about a request or the set-up that the user can mend."""


class SettingsError(AssistantError):
    """A setting has a value that can't be used."""


class QuestionError(AssistantError):
    """The question is empty or too long."""


class ModelError(AssistantError):
    """A model is missing, damaged, unreachable, or refused the request."""


class UnfinishedReplyError(ModelError):
    """A chat model wrote on past the limit, or its server cut it off there."""


class TranslationError(AssistantError):
    """There is no way to translate this text with the models that are set up."""


class UnknownConversationError(AssistantError):
    """This reader has no such conversation, or it has no such exchange."""


class ConversationStoreError(AssistantError):
    """The file of conversations can't be opened."""


class ExportError(AssistantError):
    """A document can't be written to this file."""


USER_ERRORS = (AssistantError, VectorstoreError, PromptError)
"""What is told to the user in one line; all else is a bug and keeps its traceback."""
