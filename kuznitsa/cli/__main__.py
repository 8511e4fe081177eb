import sys

from kuznitsa.cli import main

sys.exit(main())
