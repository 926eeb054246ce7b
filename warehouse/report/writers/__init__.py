"""Writers of reports, one module per format."""

FORMATS = ("html", "md", "xlsx")
