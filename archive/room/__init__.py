"""The reading room: an archive, or a package that was handed over, in a browser.

Pages are made on the server, without scripts. `routes` has all of them; `plugin` gives them to
Datasette, `serving` starts them on this machine.
"""
