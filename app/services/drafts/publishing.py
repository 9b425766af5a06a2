"""Publishing a draft: the whole test on the server first; then it is a version, and the draft is gone."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.domain.errors import Conflict, GradusError, InvalidInput, Problem, QuestionError
from app.interchange.folder import Folder, LoadedQuestion, load_folder
from app.services.accounts.people import Person
from app.services.bank.bank import LONGEST_NOTE, PreparedVersion, prepare_version, store_version
from app.services.bank.trials import Runs
from app.services.drafts.draft_files import id_problems
from app.services.drafts.drafts import files_of, overtaken, stand_of
from app.services.drafts.previews import Unusable
from app.services.operating.transactions import Transaction
from app.storage import drafts

SEEDS = 100
SEEDS_AT_ONCE = 10
SECONDS_AT_ONCE = 60.0
MOST_SENTENCES = 100
THREADS = 2
"""One more than there are grading children on a small machine: the next task waits in the lane already."""


def publish(
    reading: Transaction,
    writing: Transaction,
    sandbox: Runs,
    person: Person,
    question: str,
    revision: int,
    note: str = "",
) -> int:
    """Test the draft over a hundred seeds and store it as the question's newest version; its number.

    The version keeps the draft's files to the last byte. Quizzes that are published keep the versions they have.

    Raises:
        NotFound: there is no draft.
        Conflict: somebody saved or published it in the meantime.
        Unusable: something falls short; all of it is said, and nothing was published.
    """
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(f"A note has at most {LONGEST_NOTE} characters.", "note")
    stand = stand_of(reading, question)
    if stand.revision != revision:
        raise Conflict(overtaken(stand))
    prepared = prove(sandbox, question, files_of(reading, question))
    if not drafts.remove(writing, question, revision):
        left = drafts.stand(writing, question)
        raise Conflict(overtaken(left) if left else "Somebody else has published or discarded this draft.")
    return store_version(writing, prepared, origin="editor", author_id=person.id, note=note)


def prove(sandbox: Runs, question: str, folder: Folder) -> PreparedVersion:
    """The version that would be stored, once everything has been tried.

    Raises:
        Unusable: something falls short, with every sentence.
    """
    loaded = load_folder(folder)
    problems = [*loaded.problems, *loaded.locate(id_problems(loaded.id, question))]
    if loaded.package is None or problems:
        raise Unusable(problems)
    try:
        prepared = prepare_version(sandbox, folder)
    except QuestionError as error:
        raise Unusable(error.problems) from None
    shortfalls = list(_sweep(sandbox, loaded))
    if shortfalls:
        raise Unusable([Problem(says) for says in shortfalls[:MOST_SENTENCES]])
    return prepared


def _sweep(sandbox: Runs, loaded: LoadedQuestion) -> Iterable[str]:
    def chunk(start: int) -> list[str]:
        payload = {"package": loaded.package, "seeds": list(range(start, start + SEEDS_AT_ONCE)), "cases": start == 0}
        try:
            found: dict[str, Any] = sandbox.run("sweep", payload, lane="grading", seconds=SECONDS_AT_ONCE)
        except QuestionError as error:
            return [str(problem) for problem in loaded.locate(error.problems)]
        except GradusError as error:
            return [f"Seeds {start} to {start + SEEDS_AT_ONCE - 1}: {error}"]
        return list(found["shortfalls"])

    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        chunks = threads.map(chunk, range(0, SEEDS, SEEDS_AT_ONCE))
        # The same sentence of every chunk is one sentence.
        return list(dict.fromkeys(says for found in chunks for says in found))
