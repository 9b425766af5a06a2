"""Runs graders in killable children with limits; knows how to run them, not what they judge; opens no database."""

from app.sandbox.pool import Incomputable, Sandbox, SandboxFailure, Timed, start_ahead

__all__ = ["Incomputable", "Sandbox", "SandboxFailure", "Timed", "start_ahead"]
