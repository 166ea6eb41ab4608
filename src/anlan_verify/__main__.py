import sys

from anlan_verify.cli import main

sys.exit(main())
