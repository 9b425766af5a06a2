"""Runs graders in killable children with limits; knows how to run them, not what they judge; opens no database."""

from app.sandbox.forking import start_ahead
from app.sandbox.pool import Incomputable, Sandbox, SandboxFailure, Timed

__all__ = ["Incomputable", "Sandbox", "SandboxFailure", "Timed", "start_ahead"]
