from anlan.site.cli.main import main

raise SystemExit(main())
