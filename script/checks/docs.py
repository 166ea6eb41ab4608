#!/usr/bin/env python3
"""docs/generated says what the declarations say."""

import sys

from anlan.site.docs import main

sys.argv = [sys.argv[0], "--check"]
main()
