"""Enterprises, their sites and the supervision fields for programs: the same verbs as the pages."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from anlan.identity.asking import actor_of
from anlan.kernel.api import cursor, read_cursor
from anlan.registry import actions, queries
from anlan.registry.schemas import (
    Closing,
    EnterpriseChange,
    EnterpriseFacts,
    EnterprisePage,
    EnterpriseQuestion,
    IndustryList,
    NewEnterprise,
    NewSite,
    SiteFacts,
    SiteList,
    SitePatch,
    facts_of,
    industry_of,
    row_of,
    site_of,
)

router = Router(tags=["registry"])


@router.get("enterprises", response=EnterprisePage, operation_id="enterprises", summary="List enterprises")
def list_enterprises(request: HttpRequest, asked: Query[EnterpriseQuestion]) -> EnterprisePage:
    """By name; only those this post may see."""
    after = read_cursor(asked.cursor, str, UUID) if asked.cursor else None
    page = queries.enterprises(
        actor_of(request), asked.filters, after=(after[0], after[1]) if after else None, limit=asked.limit
    )
    return EnterprisePage(items=[row_of(row) for row in page.rows], next=cursor(*page.after) if page.after else None)


@router.post(
    "enterprises", response={201: EnterpriseFacts}, operation_id="register_enterprise", summary="Register an enterprise"
)
def register_enterprise(request: HttpRequest, data: NewEnterprise) -> Status[EnterpriseFacts]:
    """By the committee office, or the regulator of its industry; the region lies in their territory."""
    return Status(201, facts_of(actions.register_enterprise(actor=actor_of(request), data=data)))


@router.get(
    "enterprises/{enterprise_id}", response=EnterpriseFacts, operation_id="enterprise", summary="One enterprise"
)
def get_enterprise(request: HttpRequest, enterprise_id: UUID) -> EnterpriseFacts:
    actor_of(request)
    return facts_of(queries.enterprise(enterprise_id))


@router.patch(
    "enterprises/{enterprise_id}",
    response=EnterpriseFacts,
    operation_id="edit_enterprise",
    summary="Change an enterprise",
)
def edit_enterprise(request: HttpRequest, enterprise_id: UUID, data: EnterpriseChange) -> EnterpriseFacts:
    """Fields that are not sent stay as they are."""
    given = data.model_dump(exclude_unset=True)
    return facts_of(actions.edit_enterprise(actor=actor_of(request), enterprise=enterprise_id, data=given))


@router.post(
    "enterprises/{enterprise_id}/close",
    response=EnterpriseFacts,
    operation_id="close_enterprise",
    summary="Close an enterprise that has ceased",
)
def close_enterprise(request: HttpRequest, enterprise_id: UUID, data: Closing) -> EnterpriseFacts:
    """The record and its history stay."""
    closed = actions.close_enterprise(actor=actor_of(request), enterprise=enterprise_id, reason=data.reason)
    return facts_of(closed)


@router.get(
    "enterprises/{enterprise_id}/sites", response=SiteList, operation_id="sites", summary="Sites of an enterprise"
)
def list_sites(request: HttpRequest, enterprise_id: UUID) -> SiteList:
    actor_of(request)
    queries.enterprise(enterprise_id)
    return SiteList(items=[site_of(one) for one in queries.sites_of(enterprise_id)])


@router.post(
    "enterprises/{enterprise_id}/sites", response={201: SiteFacts}, operation_id="add_site", summary="Add a site"
)
def add_site(request: HttpRequest, enterprise_id: UUID, data: NewSite) -> Status[SiteFacts]:
    """By the enterprise's keepers and its own posts."""
    return Status(201, site_of(actions.add_site(actor=actor_of(request), enterprise=enterprise_id, data=data)))


@router.patch("sites/{site_id}", response=SiteFacts, operation_id="edit_site", summary="Change a site")
def edit_site(request: HttpRequest, site_id: UUID, data: SitePatch) -> SiteFacts:
    """Fields that are absent stay as they are. What lies at the site goes along when it moves to another region."""
    return site_of(actions.edit_site(actor=actor_of(request), site=site_id, data=data.model_dump(exclude_unset=True)))


@router.get("industries", response=IndustryList, operation_id="industries", summary="The supervision fields")
def list_industries(request: HttpRequest) -> IndustryList:
    actor_of(request)
    return IndustryList(items=[industry_of(row) for row in queries.industries()])
