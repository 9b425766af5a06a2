"""Transactions, for the rooms above, which do not know the storage."""

from app.storage.transaction import Clock, Transaction, Transactions, utc_now

__all__ = ["Clock", "Transaction", "Transactions", "utc_now"]
