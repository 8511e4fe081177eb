"""The installation: settings, root urls, the WSGI entry. `kuznitsa` never imports it."""
