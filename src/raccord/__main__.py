"""`python -m raccord` is `raccord`."""

from raccord.cli.main import main

main()
