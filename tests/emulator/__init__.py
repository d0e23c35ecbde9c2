"""Paid services as adcli meets them: real HTTP on loopback, faults on demand, a ledger of every charge."""
