"""Runs graders in killable children with limits; knows how to run them, not what they judge, and opens no database."""

from app.sandbox.pool import Sandbox, SandboxFailure

__all__ = ["Sandbox", "SandboxFailure"]
