import argparse

from anlan.site.cli.trouble import CommandTrouble

HELP = "Admit or dismiss the programs that hand in reports by Open311."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    admit = actions.add_parser("admit", help="a new partner; prints its key, which is shown once")
    admit.add_argument("name", help="who it is, such as a city app's name")
    admit.add_argument("--hourly", type=int, default=300, help="reports it may hand in within an hour (300)")
    dismiss = actions.add_parser("dismiss", help="take a partner's key back")
    dismiss.add_argument("name")
    actions.add_parser("list", help="the partners and how many reports each may hand in")


def run(args: argparse.Namespace) -> int:
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.errors import Problem
    from anlan.reports.open311 import partners

    try:
        if args.action == "admit":
            row, key = partners.admit(actor=SYSTEM, name=args.name, hourly=args.hourly)
            print(f"{row.name} may hand in {row.hourly} reports an hour. Its key, which is not shown again:\n{key}")
        elif args.action == "dismiss":
            print(f"The key of {partners.dismiss(actor=SYSTEM, name=args.name).name} is worth nothing from now on.")
        else:
            for row in partners.everybody():
                print(f"{row.name}: {'dismissed' if row.revoked_at else f'{row.hourly} an hour'}")
    except Problem as problem:
        raise CommandTrouble(
            "; ".join(str(one) for many in problem.fields.values() for one in many) or problem.detail
        ) from problem
    return 0
