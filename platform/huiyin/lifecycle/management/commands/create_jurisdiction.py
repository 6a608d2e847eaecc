"""`manage create_jurisdiction CODE NAME --admin LOGIN`: the first congress of an empty installation, with its administrator."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from pypinyin import lazy_pinyin

from huiyin.core import time_source
from huiyin.directory.models import Account, Jurisdiction, Person, Place, Post, Unit
from huiyin.directory.roles import Role
from huiyin.rules import services as rules


class Command(BaseCommand):
    """Create a jurisdiction with its place, its office, its rules and its administrator, and publish what is shipped."""

    help = "Create the jurisdiction of a real installation. The password is asked for, or taken from HUIYIN_ADMIN_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names."""
        parser.add_argument("code", help="e.g. the county's administrative code")
        parser.add_argument("name", help="the county's name")
        parser.add_argument("--admin", required=True, help="the administrator's login")
        parser.add_argument("--admin-name", default="系统管理员")
        parser.add_argument("--profile", default="zhejiang-2016")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the password, write everything in one transaction, publish."""
        if Jurisdiction.objects.filter(code=options["code"]).exists():
            raise CommandError(f"{options['code']} exists already")
        if Account.objects.filter(username=options["admin"]).exists():
            raise CommandError(f"the login {options['admin']} is taken")
        password = os.environ.get("HUIYIN_ADMIN_PASSWORD") or getpass.getpass("password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._create(options, password)
        call_command("publish_shipped", stdout=self.stdout)

    @transaction.atomic
    def _create(self, options: dict[str, Any], password: str) -> None:
        code, name = options["code"], options["name"]
        pinyin = " ".join(lazy_pinyin(name))
        rules.seed_calendar()
        jurisdiction = Jurisdiction.objects.create(code=code, name=name)
        rules.load_profile(jurisdiction=jurisdiction, code=options["profile"])
        place = Place.objects.create(
            jurisdiction=jurisdiction,
            level=Place.Level.COUNTY,
            code=code,
            name=name,
            full_name=name,
            pinyin=pinyin,
            path=f"/{code}/",
        )
        office = Unit.objects.create(
            jurisdiction=jurisdiction,
            place=place,
            kind=Unit.Kind.CONGRESS_OFFICE,
            code=f"{code}-congress",
            name=f"{name}人大常委会",
            pinyin=pinyin,
        )
        person = Person.objects.create(jurisdiction=jurisdiction, name=options["admin_name"])
        for role in (Role.ADMIN, Role.CONGRESS_OFFICE, Role.DESIGNER):
            Post.objects.create(
                person=person, role=role, unit=office, place=place, from_on=time_source.today()
            )
        account = Account(username=options["admin"], person=person)
        account.set_password(password)
        account.save()
        self.stdout.write(f"{jurisdiction} created; sign in as {account.username}")
