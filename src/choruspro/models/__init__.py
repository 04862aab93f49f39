"""Requests and answers, one class per object of the official contract, with its spelling."""
