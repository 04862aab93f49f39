"""The command line: `raccord --help`. A command reads its words, asks the engine, prints for a person or for a program.

Exit codes are a promise (docs/reference/cli.md). Heavy imports live inside the commands, so that `--help` is quick.
"""
