"""Start Onroll. The first time, with nothing set up yet, build the demonstration authority first."""

import os
import sys


def main() -> int:
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onroll.site.settings")
    import django

    django.setup()
    from onroll.site import command_line, installation

    try:
        installation.prepare()
        if installation.is_empty():
            command_line.build_demonstration()
        command_line.serve(int(sys.argv[1]))
    except installation.Refused as refusal:
        command_line.complain(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
