"""What can go wrong while answering, each with its remedy in the message."""


class AssistantError(Exception):
    """Something about a request or the set-up that the user can mend."""


class SettingsError(AssistantError):
    """A setting has a value that can't be used."""


class QuestionError(AssistantError):
    """The question is empty or too long."""


class ModelError(AssistantError):
    """A model is missing, damaged, unreachable, or refused the request."""


class TranslationError(AssistantError):
    """There is no way to translate this text with the models that are set up."""
