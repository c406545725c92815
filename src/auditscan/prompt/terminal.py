"""The prompt itself: editing, highlighting, completion, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition, has_focus, is_searching
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.lexers import DynamicLexer, PygmentsLexer, SimpleLexer
from prompt_toolkit.output import create_output
from prompt_toolkit.styles import Style
from pygments.lexers.sql import PostgresLexer

from auditscan.prompt.conversation import Leave
from auditscan.prompt.reading import Reader, has_ended, is_command

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.history import History
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from auditscan.prompt.conversation import Conversation

PROMPT = "auditscan> "

# The sixteen colors of the terminal, so that its own theme, dark or light, decides how they look.
_STYLE = Style.from_dict(
    {
        "pygments.keyword": "ansiblue bold",
        "pygments.name.builtin": "ansiblue",
        "pygments.literal.string": "ansigreen",
        "pygments.literal.number": "ansicyan",
        "pygments.comment": "ansibrightblack italic",
        "pygments.error": "",
        "command": "ansimagenta",
        "prompt": "bold",
        "waiting": "ansibrightblack",
    }
)

_SQL = PygmentsLexer(PostgresLexer)
_COMMAND = SimpleLexer("class:command")


def converse(
    talk: Conversation,
    history: History,
    completer: Completer | None,
    *,
    source: Input | None = None,
    output: Output | None = None,
) -> None:
    """Read and answer until somebody leaves. `source` and `output` are the terminal's unless they are given."""
    prompt: PromptSession[str] = PromptSession(
        FormattedText([("class:prompt", PROMPT)]),
        multiline=True,
        prompt_continuation=_continuation,
        history=history,
        completer=completer,
        complete_while_typing=True,
        lexer=DynamicLexer(lambda: _COMMAND if is_command(get_app().current_buffer.text) else _SQL),
        style=_STYLE,
        include_default_pygments_style=False,
        key_bindings=_keys(),
        enable_history_search=False,
        enable_open_in_editor=False,
        input=source,
        # Standard output is for results: where that is no terminal, standard error is drawn on.
        output=output or create_output(always_prefer_tty=True),
    )
    while True:
        try:
            typed = prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            talk.answer(typed)
        except Leave:
            return


def _continuation(width: int, line: int, wrapped: int) -> FormattedText:
    """Return what stands in front of the next line: the mark of what is open, for a lost one swallows every `;`."""
    if wrapped:
        return FormattedText([("", " " * width)])
    reader = Reader()
    reader.feed("".join(f"{text}\n" for text in get_app().current_buffer.document.lines[:line]))
    return FormattedText([("class:waiting", f"{reader.inside}...> "[-width:].rjust(width))])


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @Condition
    def typing() -> bool:
        return has_focus("DEFAULT_BUFFER")() and not is_searching()

    @keys.add("enter", filter=typing)
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            # The chosen completion stands in the text already: this Enter takes it, the next one runs.
            buffer.complete_state = None
            return
        if not buffer.text.strip() or has_ended(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    @keys.add("escape", "enter", filter=typing)
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    return keys
