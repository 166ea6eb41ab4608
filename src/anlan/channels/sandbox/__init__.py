"""The services outside, played by a process of our own over real HTTP: for the demo and the tests, never for a city."""
