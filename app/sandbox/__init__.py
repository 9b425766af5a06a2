"""Runs graders in killable children with limits; knows how to run them, not what they judge; opens no database."""

from app.sandbox.collecting import collect_rarely
from app.sandbox.forking import start_ahead
from app.sandbox.pool import Incomputable, Sandbox, SandboxFailure, Timed

__all__ = ["Incomputable", "Sandbox", "SandboxFailure", "Timed", "collect_rarely", "start_ahead"]
