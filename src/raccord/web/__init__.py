"""The screens: server-rendered, French first, usable without JavaScript and by keyboard.

A page reads a form, asks the engine, answers a template. `app.py` gathers the routes; `guards.py` says who may open
what; `render.py` gives every page the light of the connections, the person and the language.
"""
