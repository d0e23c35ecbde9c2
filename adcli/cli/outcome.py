"""Runs the body of a command: an int ends the program, an error becomes text or JSON and its exit code."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import typer

from adcli.errors import AdcliError, StorageError
from adcli.ui.console import say
from adcli.ui.failure import print_error_json, show_error


def finish(body: Callable[[], int | None], *, json: bool = False, verbose: bool = False) -> None:
    """Ends the program with the exit code of ``body`` or of its error."""
    try:
        code = body()
    except AdcliError as error:
        code = _failed(error, json)
    except KeyboardInterrupt:
        say("interrupted")
        code = 130
    except BrokenPipeError:
        raise
    except OSError as error:
        code = _failed(StorageError.of(error, str(error.filename or "a file")), json)
    except Exception as error:
        code = _failed(_bug(error), json)
        if verbose:
            say(traceback.format_exc())
    raise typer.Exit(code or 0)


def _failed(error: AdcliError, json: bool) -> int:
    show_error(error)
    if json:
        print_error_json(error)
    return error.exit_code


def _bug(error: Exception) -> AdcliError:
    return AdcliError(
        f"{type(error).__name__}: {error}",
        hint="this is a bug of adcli: please report it with what -v prints",
    )
