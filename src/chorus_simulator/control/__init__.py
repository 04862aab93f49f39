"""The control room, `/_control/`: whoever tests plays the platform, the buyer, the passing of time and the bad days.

It has no counterpart at Chorus Pro and asks for no credentials: a bench is not put on the Internet.
"""
