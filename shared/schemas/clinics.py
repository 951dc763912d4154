"""A clinic's sites and the days on which they are closed."""

from marshmallow import fields, validate

from shared.schemas.fields import Body, LocalDate, Ref, Title, Whole, ZoneName

GRIDS = (5, 10, 15, 20, 30)


class SiteIn(Body):
    """A place with its own clock. Visits begin on its grid."""

    title = Title(required=True)
    time_zone = ZoneName(required=True)
    grid_minutes = fields.Integer(strict=True, required=True, validate=validate.OneOf(GRIDS))


class SiteOut(SiteIn):
    """A site; `version` is its ETag."""

    id = Ref(required=True)
    version = Whole(1, 2**31, required=True)


class HolidayIn(Body):
    """A local date on which the whole site is closed."""

    on = LocalDate(required=True)
    title = Title(required=True)


class HolidayOut(HolidayIn):
    """A holiday."""

    id = Ref(required=True)


class ChangedSiteOut(Body):
    """The site after its holidays changed; `affected` names the appointments to repair."""

    site = fields.Nested(SiteOut, required=True)
    holiday = fields.Nested(HolidayOut, required=True, allow_none=True)
    affected = fields.List(Ref(), required=True)
    version = Whole(1, 2**31, required=True, attribute="site.version")
