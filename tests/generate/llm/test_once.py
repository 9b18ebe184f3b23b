"""No question is asked twice, and one that nobody waits for is given up."""

import asyncio

import pytest

from bestfix.core import Deadline
from bestfix.generate.llm import once as module
from bestfix.generate.llm.errors import EmptyAnswerError, LateError
from bestfix.generate.llm.messages import Completion, Request
from bestfix.generate.llm.once import Once


class Slow:
    """Answers after a while; notes what it is asked and what is given up."""

    def __init__(self, seconds=0.02, error=None, complete=True):
        self.seconds, self.error, self.complete_ = seconds, error, complete
        self.asked, self.cancelled = [], 0

    async def complete(self, request, deadline):
        self.asked.append(request.user)
        try:
            async with asyncio.timeout_at(deadline.at):
                await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        except TimeoutError:
            raise LateError("late") from None
        if self.error:
            raise self.error
        return Completion((request.user,), (self.complete_,), (None,))


def question(text="q"):
    return Request("direct", "m-1", "s", text)


def ask(model, *coroutines):
    async def all_of_them():
        return await asyncio.gather(*(c(model) for c in coroutines), return_exceptions=True)

    return asyncio.run(all_of_them())


def asks(text="q", seconds=5.0):
    async def asking(once):
        return await once.complete(question(text), Deadline.after(seconds))

    return asking


def test_the_same_question_at_once_is_asked_once():
    slow = Slow()
    answers = ask(Once(slow), asks(), asks(), asks("other"))
    assert [a.texts for a in answers] == [("q",), ("q",), ("other",)]
    assert slow.asked == ["q", "other"]


def test_an_answer_is_kept_and_a_failure_is_not():
    slow = Slow()
    once = Once(slow)
    ask(once, asks())
    ask(once, asks())
    assert slow.asked == ["q"]
    failing = Slow(error=EmptyAnswerError("nothing"))
    once = Once(failing)
    for _ in range(2):
        (problem,) = ask(once, asks())
        assert isinstance(problem, EmptyAnswerError)
    assert failing.asked == ["q", "q"]
    assert not once._flights


def test_an_answer_that_was_cut_off_is_asked_for_again():
    slow = Slow(complete=False)
    once = Once(slow)
    ask(once, asks())
    ask(once, asks())
    assert slow.asked == ["q", "q"]


def test_only_so_many_answers_are_kept(monkeypatch):
    monkeypatch.setattr(module, "KEPT", 3)
    once = Once(Slow(0))
    ask(once, *(asks(str(n)) for n in range(5)))
    assert len(once._kept) == 3


def test_a_question_is_given_up_when_the_last_one_stops_waiting():
    slow = Slow(30)
    once = Once(slow)

    async def two_leave():
        first = asyncio.create_task(once.complete(question(), Deadline.after(30)))
        second = asyncio.create_task(once.complete(question(), Deadline.after(30)))
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        assert slow.cancelled == 0
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await asyncio.sleep(0)
        return slow.cancelled

    assert asyncio.run(two_leave()) == 1
    assert not once._flights


def test_who_has_more_time_asks_again_when_the_other_was_late():
    slow = Slow(0.1)
    answers = ask(Once(slow), asks(seconds=0.05), asks(seconds=5))
    assert isinstance(answers[0], LateError)
    assert answers[1].texts == ("q",)
    assert slow.asked == ["q", "q"]


def test_who_has_less_time_does_not_wait_longer():
    slow = Slow(0.5)

    async def impatient():
        once = Once(slow)
        patient = asyncio.create_task(once.complete(question(), Deadline.after(5)))
        await asyncio.sleep(0)
        with pytest.raises(LateError):
            await once.complete(question(), Deadline.after(0.05))
        return (await patient).texts

    assert asyncio.run(impatient()) == ("q",)
    assert slow.asked == ["q"]
