"""The REST face: `/api/v1` for programs, its OpenAPI page, `/healthz` and `/metrics`.

A route reads the request, asks the engine, answers a view. Amounts are strings of exact decimals, instants are ISO 8601
with their zone, errors are RFC 9457 problems whose `code` is for life.
"""
