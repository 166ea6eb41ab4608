"""
Open311 GeoReport v2: the city's reports for civic programs that exist already, as JSON and XML.

What it shows is the plaza; what it takes in goes through the same verb as every report. XML is written, never read.
"""
