"""The agencies that answer for what is found (field-facts 1.9, 4.2), by the short name that accounts use."""

from webapp.rules.codes import Code, CodeList

AGENCIES = CodeList(
    Code("csu", "Community Safety Unit"),
    Code("sdc_direct_services", "Sevenoaks District Council Direct Services"),
    Code("sdc_environmental_health", "Sevenoaks District Council Environmental Health"),
    Code("sdc_licensing", "Sevenoaks District Council Licensing"),
    Code("sdc_parking", "Sevenoaks District Council Parking"),
    Code("sdc_housing", "Sevenoaks District Council Housing"),
    Code("sdc_planning", "Sevenoaks District Council Planning"),
    Code("sdc_cctv", "Sevenoaks District Council CCTV"),
    Code("kcc_highways", "Kent County Council Highways"),
    Code("kcc_trading_standards", "Kent County Council Trading Standards"),
    Code("kcc_wardens", "Kent County Council Community Wardens"),
    Code("kent_police", "Kent Police"),
    Code("kfrs", "Kent Fire and Rescue Service"),
    Code("environment_agency", "Environment Agency"),
    Code("national_highways", "National Highways"),
    Code("network_rail", "Network Rail"),
    Code("parish_council", "Town or parish council"),
    Code("housing_association", "Housing association"),
    Code("dvla", "Driver and Vehicle Licensing Agency"),
    Code("utility", "Utility company"),
    Code("landowner", "Landowner or business"),
)


def agency_label(value: str | None) -> str:
    """Return the name of an agency; one that is not in the list keeps the short name it was given.

    >>> agency_label("kcc_highways"), agency_label("parish_of_otford"), agency_label(None)
    ('Kent County Council Highways', 'parish_of_otford', 'None')
    """
    if not value:
        return "None"
    return AGENCIES.label(value) if value in AGENCIES else value
