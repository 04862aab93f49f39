"""The engine: durable, and never twice, never lost.

A **deposit** is an invoice taken in charge: its bytes are in the archive, its row and its first event are committed
with the job that will send it, and only then does the caller get its answer. A **claim** is an UPDATE whose row count
tells who won: what one worker claimed no other sends. An **attempt** is the note committed *before* a call that changes
something at Chorus Pro; an attempt without answer is a question, and the engine asks before it sends again. A
**receipt** is what came back: the number of the flux, then its report, then the identifier of the invoice. An **event**
is a line of the journal, append-only, sealed to the one before.

Rows carry invoices, jobs drive connections: a job bears on a connection, a flux or a structure, never on one invoice.
`port.py` is the only way to the durable engine behind; `gateway.py` is the only way in for the faces.
"""
