"""Full verdict dicts in, views of them out: a page for people, and flat CSV, XLSX and Parquet tables."""

from annexscan.report.page import render_report
from annexscan.report.views import VIEWS, write_csv

__all__ = ["VIEWS", "render_report", "write_csv"]
