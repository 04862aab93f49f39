"""One module per page of the screens: read the request, ask the engine, answer."""
